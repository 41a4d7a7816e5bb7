import Groundwork

/// An event of an execution's history. Each type has its details under a name of its own; what most of them hold is here.
public struct HistoryEvent: Decodable, Sendable {
  /// From 1 on.
  public var id: Int
  /// The one that led to it; 0 for none.
  public var previousID: Int
  /// When it happened.
  public var time: UnixTime
  /// E.g. `TaskStateEntered`, `TaskScheduled`, `ExecutionFailed`.
  public var type: String
  /// The state's, of one that was entered or left.
  public var state: String?
  /// JSON that a state or a task was given.
  public var input: String?
  /// JSON that it gave.
  public var output: String?
  /// JSON that a service is asked with.
  public var parameters: String?
  /// The service's action, e.g. `putEvents.waitForTaskToken`.
  public var resource: String?
  /// The name of what it failed with.
  public var error: String?
  /// Why.
  public var cause: String?

  /// A name in an event: most types' details have one of their own.
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Details: Decodable {
    var name: String?
    var input: String?
    var output: String?
    var parameters: String?
    var resource: String?
    var error: String?
    var cause: String?
  }

  /// An event as Step Functions tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decode(Int.self, forKey: Key(stringValue: "id"))
    previousID = try fields.decodeIfPresent(Int.self, forKey: Key(stringValue: "previousEventId")) ?? 0
    time = UnixTime(seconds: try fields.decode(Double.self, forKey: Key(stringValue: "timestamp")))
    type = try fields.decode(String.self, forKey: Key(stringValue: "type"))
    let name = fields.allKeys.first { $0.stringValue.hasSuffix("EventDetails") }
    let details = try name.map { try fields.decode(Details.self, forKey: $0) }
    state = details?.name
    input = details?.input
    output = details?.output
    parameters = details?.parameters
    resource = details?.resource
    error = details?.error
    cause = details?.cause
  }
}
