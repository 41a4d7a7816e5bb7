import AWSClient

/// A document for the instances of one region.
public struct CommandRequest: Sendable {
  /// Instances that one SendCommand takes.
  public static let maximumInstances = 50

  /// The instances that run it, at most ``maximumInstances``; all get the same.
  public var instanceIDs: [InstanceID]
  /// The instances' own.
  public var region: Region
  /// What they run.
  public var document: CommandDocument
  /// At most 100 characters, shown in the command history.
  public var comment: String
  /// Tells the command from all others, where an earlier attempt may have sent it already. It stands for the document and
  /// all the instances: for others it has to be another one.
  public var mark: CommandMark?
  /// Whether a command with the mark may be there: then it is looked for before anything is sent.
  public var mayBeSent: Bool
  /// For how long its end is waited for after SendCommand's answer.
  public var timeout: Duration
  /// Who has set the timeout, for people, e.g. the variable's name.
  public var timeoutName: String

  /// A document and where it runs.
  public init(
    instanceIDs: [InstanceID], region: Region, document: CommandDocument, comment: String,
    mark: CommandMark? = nil, mayBeSent: Bool = false, timeout: Duration, timeoutName: String
  ) {
    self.instanceIDs = instanceIDs
    self.region = region
    self.document = document
    self.comment = comment
    self.mark = mark
    self.mayBeSent = mayBeSent
    self.timeout = timeout
    self.timeoutName = timeoutName
  }

  /// A document for one instance.
  public init(
    instanceID: InstanceID, region: Region, document: CommandDocument, comment: String,
    mark: CommandMark? = nil, mayBeSent: Bool = false, timeout: Duration, timeoutName: String
  ) {
    self.init(
      instanceIDs: [instanceID], region: region, document: document, comment: comment, mark: mark,
      mayBeSent: mayBeSent, timeout: timeout, timeoutName: timeoutName)
  }
}
