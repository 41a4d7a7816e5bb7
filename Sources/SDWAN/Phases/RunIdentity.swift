import SSMKit

/// Which execution, and which part of it, an invocation belongs to.
struct RunIdentity: Equatable, Sendable {
  /// The root execution's ARN.
  var execution: String
  var redriveCount: Int
  /// Empty where the network is not rolled out in waves.
  var wave: String
  /// How many attempts of this invocation have failed before; nil where nobody says.
  var retryCount: Int?

  /// Whether an earlier attempt may have sent what this one is about to send.
  var mayBeSent: Bool { retryCount != 0 }

  /// - Parameter work: what the command is for: a phase's name, or another one's that is no phase.
  func mark(_ work: String, _ router: Router, attempt: Int) -> CommandMark {
    CommandMark(
      execution: execution, redriveCount: redriveCount, purpose: [wave, work, router.name, String(attempt)])
  }

  /// - Parameters:
  ///   - first: the command that stands for the whole look at a router.
  ///   - part: which of the look's commands this is.
  func mark(_ work: String, _ router: Router, after first: String, part: Int) -> CommandMark {
    CommandMark(
      execution: execution, redriveCount: redriveCount,
      purpose: [wave, work, router.name, first, String(part)])
  }
}
