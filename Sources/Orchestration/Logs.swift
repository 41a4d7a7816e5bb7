import AWSClient
import Groundwork

/// CloudWatch Logs (service model `logs-2014-03-28`, JSON 1.1).
public struct Logs: Sendable {
  /// 10,000 events of a page take 1 MB at most.
  private static let maximumAnswer = 8 << 20

  /// Where they are.
  public let region: Region
  private let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(
      service: "logs", id: "CloudWatch Logs", targetPrefix: "Logs_20140328", dependencies)
  }

  /// The events of a group, over all of its streams, in their order, page by page.
  /// - Parameters:
  ///   - pattern: a filter pattern of CloudWatch Logs; nil for everything.
  ///   - from: events of this moment or later; nil for all.
  ///   - to: events before this moment; nil for all.
  ///   - take: gets a page, which may be empty; false where no more is wanted.
  /// - Throws: ``FailedCall``, e.g. with the code `ResourceNotFoundException`.
  public func events(
    in group: String, matching pattern: String? = nil, from: UnixTime? = nil, to: UnixTime? = nil,
    take: ([LogEvent]) -> Bool
  ) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var logGroupName: String, filterPattern: String?, startTime: Int?, endTime: Int?, nextToken: String?
    }
    struct Output: Decodable, Sendable {
      var events: [LogEvent]?
      var nextToken: String?
    }
    var options = ServiceClient.Options()
    options.maximumAnswer = Self.maximumAnswer
    var token: String?
    repeat {
      let input = Input(
        logGroupName: group, filterPattern: pattern, startTime: from.map { Int($0.seconds * 1000) },
        endTime: to.map { Int($0.seconds * 1000) }, nextToken: token)
      let output: Output = try await client.call("FilterLogEvents", region: region, input, options: options)
      guard take(output.events ?? []) else { return }
      token = output.nextToken == token ? nil : output.nextToken
    } while token != nil
  }

  /// What a function logged in one invocation, in its order. CloudWatch Logs may have it some seconds late.
  /// - Parameters:
  ///   - requestID: the invocation's.
  ///   - group: the function's log group, `/aws/lambda/NAME` where it has none of its own.
  ///   - from: when it was called, or before; nil searches all there is.
  /// - Throws: ``FailedCall``, e.g. with the code `ResourceNotFoundException`.
  public func lines(
    ofInvocation requestID: String, in group: String, from: UnixTime? = nil
  ) async throws(FailedCall) -> [LogEvent] {
    var stream: String?
    var all: [LogEvent] = []
    // An environment does one invocation at a time: what stands between its START and its END is this one's, whether a
    // line names it or not.
    try await events(in: group, matching: "\"\(requestID)\"", from: from) { page in
      stream = stream ?? page.first?.stream
      all += page
      return true
    }
    guard let stream, let first = all.first, let last = all.last else { return [] }
    var found: [LogEvent] = []
    var isOver = false
    try await events(
      in: group, from: first.time, to: UnixTime(seconds: last.time.seconds + 1)
    ) { page in
      for event in page where event.stream == stream && !isOver {
        let isMine = event.message.contains(requestID)
        if found.isEmpty && !isMine { continue }
        if !isMine, Self.belongsToAnother(event.message) {
          isOver = true
        } else {
          found.append(event)
        }
      }
      return !isOver
    }
    return found
  }

  /// Whether a line begins or ends another invocation, as text or as JSON.
  private static func belongsToAnother(_ message: String) -> Bool {
    message.hasPrefix("START RequestId:") || message.contains(#""type":"platform.start""#)
      || message.contains(#""type": "platform.start""#)
  }
}

/// A line of a log.
public struct LogEvent: Decodable, Sendable, Equatable {
  /// Distinct within its group, where the service says one.
  public var id: String
  /// The stream that it is in.
  public var stream: String
  /// When it was written.
  public var time: UnixTime
  /// As it was written.
  public var message: String

  private enum Key: String, CodingKey { case eventId, logStreamName, timestamp, message }

  /// An event as CloudWatch Logs tells it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    stream = try fields.decodeIfPresent(String.self, forKey: .logStreamName) ?? ""
    let milliseconds = try fields.decode(Int.self, forKey: .timestamp)
    time = UnixTime(seconds: Double(milliseconds) / 1000)
    message = try fields.decode(String.self, forKey: .message)
    id = try fields.decodeIfPresent(String.self, forKey: .eventId) ?? "\(stream) \(milliseconds) \(message)"
  }
}
