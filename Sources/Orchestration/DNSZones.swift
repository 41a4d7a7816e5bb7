import AWSClient
import Groundwork
import HTTPClient

/// A weighted record of a hosted zone.
public struct WeightedRecord: Sendable, Equatable {
  /// E.g. `api.example.com.`.
  public var name: String
  /// `A`, `AAAA` or `CNAME`.
  public var type: String
  /// Tells it from the other records of its name.
  public var identifier: String
  /// 0 to 255; of each record's share of all.
  public var weight: Int
  /// In seconds.
  public var ttl: Int
  /// E.g. a host's name.
  public var value: String

  /// A record.
  public init(name: String, type: String, identifier: String, weight: Int, ttl: Int, value: String) {
    self.name = name
    self.type = type
    self.identifier = identifier
    self.weight = weight
    self.ttl = ttl
    self.value = value
  }
}

/// Hosted zones of Amazon Route 53 (its interface of 2013-04-01, REST-XML).
public struct DNSZones: Sendable {
  private static let version = "2013-04-01"
  private static let namespace = "https://route53.amazonaws.com/doc/2013-04-01/"

  private let client: ServiceClient
  private let region: Region

  /// - Parameter region: any of the partition's: there is one service in each, in a region of its own.
  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(_ region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    client = try ServiceClient(service: "route53", id: "Route 53", dependencies)
    self.region = region
  }

  /// Makes records like these, all of them or none. Making them so twice changes nothing.
  /// - Returns: the change's id.
  /// - Throws: ``FailedCall``, e.g. with the codes `NoSuchHostedZone`, `InvalidChangeBatch` and `PriorRequestNotComplete`.
  public func upsert(
    _ records: [WeightedRecord], in zone: String, latest: Deadline = .never
  ) async throws(FailedCall) -> String {
    let changes = records.map { record in
      """
      <Change><Action>UPSERT</Action><ResourceRecordSet><Name>\(Self.escaped(record.name))</Name>\
      <Type>\(Self.escaped(record.type))</Type><SetIdentifier>\(Self.escaped(record.identifier))</SetIdentifier>\
      <Weight>\(record.weight)</Weight><TTL>\(record.ttl)</TTL><ResourceRecords><ResourceRecord>\
      <Value>\(Self.escaped(record.value))</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>
      """
    }
    let body = """
      <?xml version="1.0" encoding="UTF-8"?>
      <ChangeResourceRecordSetsRequest xmlns="\(Self.namespace)"><ChangeBatch><Changes>\(changes.joined())</Changes>\
      </ChangeBatch></ChangeResourceRecordSetsRequest>
      """
    let answer = try await send(
      "ChangeResourceRecordSets",
      RESTRequest(
        .post, [Self.version, "hostedzone", Self.bare(zone), "rrset"],
        headers: ["Content-Type": "application/xml"],
        body: Array(body.utf8)), latest)
    return Self.bare(answer.text("ChangeInfo", "Id") ?? "")
  }

  /// Whether all of the service's name servers know a change.
  /// - Throws: ``FailedCall``, e.g. with the code `NoSuchChange`.
  public func isInSync(_ change: String, latest: Deadline = .never) async throws(FailedCall) -> Bool {
    let answer = try await send(
      "GetChange", RESTRequest(.get, [Self.version, "change", Self.bare(change)]), latest)
    return answer.text("ChangeInfo", "Status") == "INSYNC"
  }

  private func send(
    _ operation: String, _ request: RESTRequest, _ latest: Deadline
  ) async throws(FailedCall) -> XMLElement {
    var options = ServiceClient.Options()
    options.latest = latest
    let answer: RESTAnswer = try await client.rest(operation, region: region, request, options: options)
    do throws(XMLFlaw) { return try XMLReader.read(answer.body) } catch {
      throw FailedCall(
        .unreadable(operation, in: region, "the answer is no XML: \(error)"), mayHaveHappened: true)
    }
  }

  /// `/hostedzone/Z1` and `/change/C1` as they stand in paths.
  private static func bare(_ id: String) -> String { id.split(separator: "/").last.map(String.init) ?? id }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&apos;"
      default: String(character)
      }
    }.joined()
  }
}
