import AWSClient

/// A document for one instance.
public struct CommandRequest: Sendable {
  /// The instance that runs it.
  public var instanceID: InstanceID
  /// The instance's own.
  public var region: Region
  /// What it runs.
  public var document: CommandDocument
  /// At most 100 characters, shown in the command history.
  public var comment: String
  /// Tells the command from all others, where an earlier attempt may have sent it already.
  public var mark: CommandMark?
  /// Whether a command with the mark may be there: then it is looked for before anything is sent.
  public var mayBeSent: Bool
  /// For how long its end is waited for after SendCommand's answer.
  public var timeout: Duration
  /// Who has set the timeout, for people, e.g. the variable's name.
  public var timeoutName: String

  /// A document and where it runs.
  public init(
    instanceID: InstanceID, region: Region, document: CommandDocument, comment: String,
    mark: CommandMark? = nil, mayBeSent: Bool = false, timeout: Duration, timeoutName: String
  ) {
    self.instanceID = instanceID
    self.region = region
    self.document = document
    self.comment = comment
    self.mark = mark
    self.mayBeSent = mayBeSent
    self.timeout = timeout
    self.timeoutName = timeoutName
  }
}
