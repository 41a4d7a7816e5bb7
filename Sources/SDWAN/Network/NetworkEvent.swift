import FleetKit
import Groundwork

/// Whether phase 1 makes an existing router anew.
enum Recreate: String, Sendable, CaseIterable {
  case always
  /// Only if it is not what is wanted.
  case changed
  case never
}

/// What is said to the phases alone. Each takes the others' fields too: an execution has one input.
struct NetworkEvent: EventPart {
  /// nil leaves it to the function's environment.
  let recreate: Recreate?
  /// Phase 2: go back to the previous configuration unless the tunnels come up.
  let confirm: Bool
  /// Phase 2, mode plan: tell what a rollback would change, not what an apply would.
  let plansRollback: Bool

  private enum Key: String, CodingKey, CaseIterable { case recreate, confirm, rollback }

  static let names = Set(Key.allCases.map(\.rawValue))

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    recreate = try fields.choice(.recreate)
    confirm = try fields.value(.confirm, "true or false") ?? false
    plansRollback = try fields.value(.rollback, "true or false") ?? false
  }
}

extension FleetEvent {
  /// - Throws: ``Failure`` where the event asks for a way back that a phase does not have.
  func requireNoRollback() throws(Failure) {
    guard mode == .rollback else { return }
    throw .event("mode rollback is for phase 2, which alone changes a router's configuration")
  }
}
