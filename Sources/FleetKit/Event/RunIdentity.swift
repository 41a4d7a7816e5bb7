import SSMKit

/// Which execution, and which part of it, an invocation belongs to.
struct RunIdentity: Equatable, Sendable {
  /// The root execution's ARN.
  var execution: String
  var redriveCount: Int
  /// Empty where the fleet is not rolled out in waves.
  var wave: String
  /// How many attempts of this invocation have failed before; nil where nobody says.
  var retryCount: Int?

  /// Whether an earlier attempt may have sent what this one is about to send.
  var mayBeSent: Bool { retryCount != 0 }

  /// - Parameter work: what the command is for.
  func mark(_ work: String, _ target: Target, attempt: Int) -> CommandMark {
    CommandMark(
      execution: execution, redriveCount: redriveCount, purpose: [wave, work, target.name, String(attempt)])
  }

  /// - Parameters:
  ///   - first: the command that stands for the whole look at a target.
  ///   - part: which of the look's commands this is.
  func mark(_ work: String, _ target: Target, after first: String, part: Int) -> CommandMark {
    CommandMark(
      execution: execution, redriveCount: redriveCount,
      purpose: [wave, work, target.name, first, String(part)])
  }
}
