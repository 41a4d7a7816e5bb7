import AWSClient
import Synchronization

/// Whether ListCommandInvocations can be used. Not every endpoint knows it, and not every role may call it; what was found out
/// holds for the life of the process.
final class ListingSupport: Sendable {
  private let refused = Atomic(false)

  var isKnownToBeMissing: Bool { refused.load(ordering: .relaxed) }

  /// - Returns: whether the error says that there is no such operation.
  func learn(from error: AWSError) -> Bool {
    guard error.meansNoSuchOperation else { return false }
    refused.store(true, ordering: .relaxed)
    return true
  }
}
