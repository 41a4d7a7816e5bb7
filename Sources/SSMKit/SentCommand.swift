import AWSClient

/// A command on one of the instances that it was sent to.
public struct SentCommand: Sendable, Hashable {
  /// What SendCommand answered.
  public var commandID: String
  /// One of those that it was sent to.
  public var instanceID: InstanceID
  /// The instance's own.
  public var region: Region

  /// A command on an instance.
  public init(commandID: String, instanceID: InstanceID, region: Region) {
    self.commandID = commandID
    self.instanceID = instanceID
    self.region = region
  }
}

/// How a command stands.
public enum Standing: Sendable, Equatable {
  /// It waits or runs, or the service does not show it yet.
  case running
  /// It has ended; of a result that is not whole (``CommandResult/isWhole``) ``RunCommand/output(of:execution:latest:)`` gives
  /// the rest.
  case ended(CommandResult)
  /// The service would not say; ``AWSError/isPassing`` tells whether it may say later.
  case unknown(AWSError)
}

/// A command of an execution's as the history has it.
public struct ListedInvocation: Sendable {
  /// Which one, and where.
  public var command: SentCommand
  /// What it was sent for (``CommandMark/text``).
  public var mark: String
  /// How it stands, by the history alone.
  public var standing: Standing
}
