/// A script for one instance.
public struct CommandRequest: Sendable {
  /// The instance that runs it.
  public var instanceID: InstanceID
  /// The instance's own.
  public var region: Region
  /// The whole script; the agent runs it as a file, so its first line counts. Made when it is sent: a fleet's
  /// scripts would fill a small function's memory.
  public var script: @Sendable () -> String
  /// At most 100 characters, shown in the command history.
  public var comment: String
  /// Tells the command from all others, where an earlier attempt may have sent it already.
  public var mark: CommandMark?
  /// Whether a command with the mark may be there: then it is looked for before anything is sent.
  public var mayBeSent: Bool
  /// Seconds for which the script may run, and for which its end is waited for after SendCommand's answer.
  public var executionTimeout: Int

  /// A script and where it runs.
  public init(
    instanceID: InstanceID, region: Region, script: @autoclosure @escaping @Sendable () -> String,
    comment: String, mark: CommandMark? = nil, mayBeSent: Bool = false, executionTimeout: Int
  ) {
    self.instanceID = instanceID
    self.region = region
    self.script = script
    self.comment = comment
    self.mark = mark
    self.mayBeSent = mayBeSent
    self.executionTimeout = executionTimeout
  }
}
