import JSON
import AWSClient
import Groundwork

/// An event as it is put on a bus.
public struct BusEvent: Sendable, Equatable {
  /// Who sends it, e.g. `my.deployment`; `aws.` is AWS's own.
  public var source: String
  /// What happened, e.g. `upgrade.started`; at most 128 characters.
  public var type: String
  /// A JSON object.
  public var detail: String
  /// ARNs of what it is about.
  public var resources: [String]
  /// When it happened; nil for when it is put.
  public var time: UnixTime?

  /// An event.
  public init(
    source: String, type: String, detail: String, resources: [String] = [], time: UnixTime? = nil
  ) {
    self.source = source
    self.type = type
    self.detail = detail
    self.resources = resources
    self.time = time
  }

  /// Bytes that EventBridge counts for it: 14 for a time, and the texts.
  /// ("Calculating Amazon EventBridge PutEvents event entry size" of its user guide.)
  public var size: Int {
    (time == nil ? 0 : 14) + source.utf8.count + type.utf8.count + detail.utf8.count
      + resources.reduce(0) { $0 + $1.utf8.count }
  }
}

/// Why events were not put, or targets not set.
public enum EventsFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call itself failed.
  case call(FailedCall)
  /// Something is wrong with what was to be sent; nothing was. In words.
  case refused(String)
  /// The service took the call and not all that was in it: index or id of each, with the service's code and words.
  case entries([Entry])

  /// One that was not taken.
  public struct Entry: Sendable, Equatable {
    /// An event's index, or a target's id.
    public var id: String
    /// E.g. `ThrottlingException`.
    public var code: String
    /// In words.
    public var message: String
  }

  /// In words.
  public var description: String {
    switch self {
    case .call(let call): "\(call.error)"
    case .refused(let reason): reason
    case .entries(let entries):
      "\(entries.count) not taken: "
        + entries.map { "\($0.id): \($0.code): \($0.message)" }.joined(separator: "; ").oneLine(limit: 500)
    }
  }
}

/// Amazon EventBridge: events, rules and their targets (service model `events-2015-10-07`, JSON 1.1).
public struct Events: Sendable {
  /// Events that one call takes.
  public static let mostEvents = 10
  /// Bytes that the events of one call take, and one event too.
  public static let mostBytes = 256 << 10
  /// Times that an event is put which the service has refused for load.
  private static let rounds = 3

  /// Where they are.
  public let region: Region
  let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(
      service: "events", id: "EventBridge", targetPrefix: "AWSEvents", dependencies)
  }

  // MARK: Events

  /// Puts events on a bus, in their order, as many a call as it takes. An event that is refused for load is put again.
  /// - Parameters:
  ///   - bus: name or ARN; nil for the account's own.
  ///   - latest: when there is no point in an answer any more.
  /// - Throws: ``EventsFailure``: every event that did not get there is in it, by its index.
  public func put(
    _ events: [BusEvent], on bus: String? = nil, latest: Deadline = .never
  ) async throws(EventsFailure) {
    for (index, event) in events.enumerated() { try Self.check(event, index) }
    var lost: [EventsFailure.Entry] = []
    for part in Self.parts(events) {
      lost += try await put(part.map { (index: $0, event: events[$0]) }, on: bus, latest)
    }
    if !lost.isEmpty { throw .entries(lost) }
  }

  private static func check(_ event: BusEvent, _ index: Int) throws(EventsFailure) {
    guard !event.source.isEmpty, !event.type.isEmpty else {
      throw .refused("event \(index) has no source or no type")
    }
    guard !event.source.lowercased().hasPrefix("aws.") else {
      throw .refused("event \(index) has the source \(event.source); those that begin with aws. are AWS's")
    }
    var detail = StrictJSON(Array(event.detail.utf8), maximumValues: mostBytes)
    do throws(JSONFlaw) { _ = try detail.object(keeping: []) } catch {
      throw .refused("event \(index), \(event.type): its detail is no JSON object: \(error)")
    }
    guard event.size <= mostBytes else {
      throw .refused("event \(index), \(event.type), takes \(event.size) bytes; \(mostBytes) are possible")
    }
  }

  /// Which events go together.
  static func parts(_ events: [BusEvent]) -> [[Int]] {
    var parts: [[Int]] = []
    var bytes = 0
    for (index, event) in events.enumerated() {
      if let last = parts.last, last.count < mostEvents, bytes + event.size <= mostBytes {
        parts[parts.count - 1].append(index)
        bytes += event.size
      } else {
        parts.append([index])
        bytes = event.size
      }
    }
    return parts
  }

  private struct Entry: Encodable, Sendable {
    var Source: String, DetailType: String, Detail: String, Resources: [String]?, Time: Double?,
      EventBusName: String?

    init(_ event: BusEvent, _ bus: String?) {
      (Source, DetailType, Detail) = (event.source, event.type, event.detail)
      Resources = event.resources.isEmpty ? nil : event.resources
      Time = event.time?.seconds
      EventBusName = bus
    }
  }

  private struct PutInput: Encodable, Sendable { var Entries: [Entry] }

  private struct PutOutput: Decodable, Sendable {
    struct Entry: Decodable, Sendable { var EventId: String?, ErrorCode: String?, ErrorMessage: String? }
    var FailedEntryCount: Int
    var Entries: [Entry]
  }

  /// - Returns: those that were not taken.
  private func put(
    _ events: [(index: Int, event: BusEvent)], on bus: String?, _ latest: Deadline
  ) async throws(EventsFailure) -> [EventsFailure.Entry] {
    var options = ServiceClient.Options()
    options.latest = latest
    var left = events
    for round in 1... {
      let output: PutOutput
      do {
        output = try await client.call(
          "PutEvents", region: region, PutInput(Entries: left.map { Entry($0.event, bus) }), options: options)
      } catch {
        throw .call(error)
      }
      guard output.FailedEntryCount > 0 || output.Entries.contains(where: { $0.ErrorCode != nil }) else {
        return []
      }
      let failed = zip(left, output.Entries).filter { $1.EventId == nil || $1.ErrorCode != nil }
      let isLoad = failed.allSatisfy {
        RetryPolicy.reason(status: 400, code: $1.ErrorCode ?? "") != nil || $1.ErrorCode == "InternalFailure"
      }
      guard isLoad, !failed.isEmpty, round < Self.rounds else {
        return failed.map { Self.entry("\($0.index)", $1.ErrorCode, $1.ErrorMessage) }
      }
      left = failed.map(\.0)
      let pause = RetryPolicy.delay(after: round, for: .throttling, random: client.random())
      do { try await client.clock.sleep(pause) } catch {
        throw .call(FailedCall(.late("PutEvents", in: region)))
      }
    }
    return []
  }

  static func entry(_ id: String, _ code: String?, _ message: String?) -> EventsFailure.Entry {
    EventsFailure.Entry(
      id: id, code: code ?? "without a code", message: (message ?? "no message").oneLine(limit: 300))
  }
}
