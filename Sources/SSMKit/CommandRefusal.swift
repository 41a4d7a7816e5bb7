import AWSClient

/// Why there is no command, or none that is known of.
public struct CommandRefusal: Error, Sendable {
  /// In words.
  public var reason: String
  /// Whether the time was over.
  public var isTimeout = false
  /// Whether the command may be there all the same: whoever sends it again has to look for it first
  /// (``RunCommand/history(of:since:in:latest:)``).
  public var isUnknown = false
  /// What became of the last call; nil where none was made.
  public var error: AWSError?

  /// Whether it makes sense to try later: nobody has said no.
  public var isPassing: Bool { isTimeout || isUnknown || error?.isPassing ?? false }

  /// Whether an instance is not online in Systems Manager: that refuses the command for all the others too, and does not say
  /// which one it is.
  public var isForAnInstance: Bool { error?.code == "InvalidInstanceId" }
}
