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
  /// Tells the command from all others. It stands for the document and all the instances: for others it has to be another
  /// one.
  public var mark: CommandMark?

  /// A document and where it runs.
  public init(
    instanceIDs: [InstanceID], region: Region, document: CommandDocument, comment: String,
    mark: CommandMark? = nil
  ) {
    self.instanceIDs = instanceIDs
    self.region = region
    self.document = document
    self.comment = comment
    self.mark = mark
  }

  /// A document for one instance.
  public init(
    instanceID: InstanceID, region: Region, document: CommandDocument, comment: String,
    mark: CommandMark? = nil
  ) {
    self.init(
      instanceIDs: [instanceID], region: region, document: document, comment: comment, mark: mark)
  }
}
