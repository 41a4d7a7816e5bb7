/// A server that is replicated to AWS.
public struct SourceServer: Decodable, Sendable, Equatable {
  /// `s-…`.
  public var id: String
  /// Its host's name; nil where nobody knows.
  public var hostname: String?
  /// As they are.
  public var tags: [String: String]
  /// How its replication stands: `CONTINUOUS` where it can be recovered; empty where nobody says.
  public var replication: String

  private enum Key: String, CodingKey { case sourceServerID, tags, dataReplicationInfo, sourceProperties }
  private struct Replication: Decodable { var dataReplicationState: String? }
  private struct Properties: Decodable {
    struct Hints: Decodable { var hostname: String? }
    var identificationHints: Hints?
  }

  /// A server as the service tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decode(String.self, forKey: .sourceServerID)
    tags = try fields.decodeIfPresent([String: String].self, forKey: .tags) ?? [:]
    replication =
      try fields.decodeIfPresent(Replication.self, forKey: .dataReplicationInfo)?.dataReplicationState ?? ""
    hostname =
      try fields.decodeIfPresent(Properties.self, forKey: .sourceProperties)?.identificationHints?.hostname
  }
}

/// What a source server was recovered, or drilled, to.
public struct RecoveryInstance: Decodable, Sendable, Equatable {
  /// The recovery's own id.
  public var id: String
  /// The EC2 instance; nil where it is not there yet.
  public var instance: String?
  /// In words of EC2, upper case: `RUNNING`, `STOPPED`, …; empty where nobody says.
  public var state: String
  /// The server that it is made of.
  public var server: String
  /// The job that launched it.
  public var job: String
  /// Whether it is for trying out only; what does not say so is a recovery.
  public var isDrill: Bool

  /// Whether nothing is left of it but its entry.
  public var isGone: Bool { state == "TERMINATED" || state == "NOT_FOUND" }

  private enum Key: String, CodingKey {
    case recoveryInstanceID, ec2InstanceID, ec2InstanceState, sourceServerID, jobID, isDrill
  }

  /// An instance as the service tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decode(String.self, forKey: .recoveryInstanceID)
    instance = try fields.decodeIfPresent(String.self, forKey: .ec2InstanceID)
    state = try fields.decodeIfPresent(String.self, forKey: .ec2InstanceState) ?? ""
    server = try fields.decodeIfPresent(String.self, forKey: .sourceServerID) ?? ""
    job = try fields.decodeIfPresent(String.self, forKey: .jobID) ?? ""
    isDrill = try fields.decodeIfPresent(Bool.self, forKey: .isDrill) ?? false
  }
}
