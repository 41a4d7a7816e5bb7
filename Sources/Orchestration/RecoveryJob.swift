/// A job of Elastic Disaster Recovery. What the service may say some day and nobody knows yet is kept as it came.
public struct RecoveryJob: Decodable, Sendable, Equatable {
  /// `drsjob-…`.
  public var id: String
  /// `LAUNCH`, `TERMINATE` or another.
  public var type: String
  /// Who made it: `START_RECOVERY`, `START_DRILL`, `TERMINATE_RECOVERY_INSTANCES` or another.
  public var initiatedBy: String
  /// `PENDING`, `STARTED` or `COMPLETED`, which says nothing of how it went.
  public var status: String
  /// When it was made, ISO 8601 in UTC; empty where nobody says.
  public var created: String
  /// Those that take part, as far as the service knows by now.
  public var servers: [Participant]

  /// Whether nothing more happens in it.
  public var isCompleted: Bool { status == "COMPLETED" }

  /// A server in a job.
  public struct Participant: Decodable, Sendable, Equatable {
    /// `s-…`.
    public var server: String
    /// The recovery instance; nil where it is not told, which it may be of one that was launched.
    public var recoveryInstance: String?
    /// `PENDING`, `IN_PROGRESS`, `LAUNCHED`, `FAILED` or `TERMINATED`.
    public var status: String

    private enum Key: String, CodingKey { case sourceServerID, recoveryInstanceID, launchStatus }

    /// A participant as the service tells it.
    public init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      server = try fields.decodeIfPresent(String.self, forKey: .sourceServerID) ?? ""
      recoveryInstance = try fields.decodeIfPresent(String.self, forKey: .recoveryInstanceID)
      status = try fields.decodeIfPresent(String.self, forKey: .launchStatus) ?? "PENDING"
    }
  }

  private enum Key: String, CodingKey {
    case jobID, type, initiatedBy, status, creationDateTime, participatingServers
  }

  /// A job as the service tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decode(String.self, forKey: .jobID)
    type = try fields.decodeIfPresent(String.self, forKey: .type) ?? ""
    initiatedBy = try fields.decodeIfPresent(String.self, forKey: .initiatedBy) ?? ""
    status = try fields.decodeIfPresent(String.self, forKey: .status) ?? "PENDING"
    created = try fields.decodeIfPresent(String.self, forKey: .creationDateTime) ?? ""
    servers = try fields.decodeIfPresent([Participant].self, forKey: .participatingServers) ?? []
  }
}

/// A line of a job's log.
public struct RecoveryJobEvent: Decodable, Sendable, Equatable {
  /// E.g. `CONVERSION_FAIL`.
  public var event: String
  /// When it happened, ISO 8601 in UTC; empty where nobody says.
  public var time: String
  /// The server that it is about; nil for the whole job.
  public var server: String?
  /// What went wrong, in the service's words.
  public var error: String?

  private struct Data: Decodable { var sourceServerID: String?, rawError: String? }

  private enum Key: String, CodingKey { case event, eventData, logDateTime }

  /// An event as the service tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    event = try fields.decodeIfPresent(String.self, forKey: .event) ?? ""
    time = try fields.decodeIfPresent(String.self, forKey: .logDateTime) ?? ""
    let data = try fields.decodeIfPresent(Data.self, forKey: .eventData)
    server = data?.sourceServerID
    error = data?.rawError
  }
}
