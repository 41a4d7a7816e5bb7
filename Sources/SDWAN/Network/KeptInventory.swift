import Groundwork
import Synchronization

/// What was read for an execution: its later steps in the same process need not ask for it again. It holds one execution's
/// last answer and no more, and none where a region could not be read.
final class KeptInventory: Sendable {
  /// How much has to be known of routers.
  enum Depth: Sendable {
    /// Where they are.
    case routers
    /// Their peers' addresses too.
    case peers
    /// Also which of their tunnels have keys of their own.
    case keys
  }

  /// Which question was answered.
  struct Question: Equatable {
    /// The execution's mark; empty outside of an execution, where nothing is kept.
    var execution: String
    var topology: Topology
    /// Those that the event is about.
    var routers: [Router]
    var depth: Depth
  }

  private let kept = Mutex<(question: Question, inventory: Inventory)?>(nil)

  /// What is known, or is read now.
  func inventory(
    for question: Question, read: () async throws(Failure) -> Inventory
  ) async throws(Failure) -> Inventory {
    guard !question.execution.isEmpty else { return try await read() }
    if let known = kept.withLock({ $0 }), known.question == question { return known.inventory }
    let inventory = try await read()
    kept.withLock { $0 = inventory.isWhole ? (question, inventory) : nil }
    return inventory
  }
}
