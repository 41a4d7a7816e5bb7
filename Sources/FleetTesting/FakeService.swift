import AWSClient
import FleetKit
// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import Groundwork
import HTTPClient
import Synchronization

/// A service made of one function: gets the operation and the decoded body, gives the answer.
public final class FakeService: Sendable {
  /// One call as it came.
  public struct Call: Sendable {
    /// E.g. `SendCommand`.
    public var operation: String
    /// The body's members as texts.
    public var body: [String: String]
    /// The request as it was sent, signed.
    public var request: HTTPRequest
  }

  /// Gives the answer to a call, the how manieth of its operation it is; throws where no answer comes.
  public typealias Answer = @Sendable (Call, _ number: Int) throws(HTTPError) -> HTTPResponse

  private let recorded = Mutex<[Call]>([])
  private let answer: Answer
  /// As many as the client's.
  private let places = Gate(width: 64)

  /// A service that answers so.
  public init(_ answer: @escaping Answer) { self.answer = answer }

  /// All calls so far.
  public var calls: [Call] { recorded.withLock { $0 } }
  /// How many calls of an operation there were.
  public func count(of operation: String) -> Int { calls.filter { $0.operation == operation }.count }

  /// Dependencies of a client of this service.
  /// - Parameter latency: what a call takes; one that takes longer than its request may is answered to nobody, though
  ///   the service has carried it out.
  public func dependencies(
    _ clock: Clock, environment: [String: String] = [:],
    random: @escaping @Sendable () -> Double = { 0.5 },
    latency: (@Sendable (_ operation: String) -> Duration)? = nil
  ) -> ServiceClient.Dependencies {
    let variables = [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
    ].merging(environment) { $1 }
    return ServiceClient.Dependencies(
      send: { request throws(HTTPError) in
        guard let latency else { return try self.perform(request) }
        return try await self.perform(request, clock, latency(request.operation))
      }, clock: clock, random: random,
      environment: { variables[$0] })
  }

  private func perform(
    _ request: HTTPRequest, _ clock: Clock, _ latency: Duration
  ) async throws(HTTPError) -> HTTPResponse {
    let end = request.timeout.map { Deadline(clock.now() + $0) } ?? .never
    let late = HTTPError(.timeout, message: "the time was over before it was sent")
    return try await places.pass(latest: end, clock, orThrow: late) { () async throws(HTTPError) in
      let most = [end.left(at: clock.now()), request.exchangeTimeout].compactMap(\.self).min()
      return try await self.exchange(request, clock, latency, most: most)
    }
  }

  /// - Parameter most: what it may take.
  private func exchange(
    _ request: HTTPRequest, _ clock: Clock, _ latency: Duration, most: Duration?
  ) async throws(HTTPError) -> HTTPResponse {
    let outcome = Result { () throws(HTTPError) in try perform(request) }
    do { try await clock.sleep(min(latency, most ?? latency)) } catch {
      throw HTTPError(.cancelled, message: "the task was cancelled", mayHaveArrived: true)
    }
    if let most, latency >= most { throw HTTPError(.timeout, message: "no answer", mayHaveArrived: true) }
    return try outcome.get()
  }

  private func perform(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let operation = request.operation
    let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
    let call = Call(operation: operation, body: object.mapValues { "\($0)" }, request: request)
    let number = recorded.withLock {
      $0.append(call)
      return $0.filter { $0.operation == operation }.count
    }
    return try answer(call, number)
  }
}

extension HTTPRequest {
  /// E.g. `SendCommand`; empty where none is named.
  fileprivate var operation: String {
    (headers["X-Amz-Target"] ?? "").split(separator: ".").last.map(String.init) ?? ""
  }
}

extension HTTPResponse {
  /// A success.
  public static func json(_ text: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: headers, body: Array(text.utf8))
  }

  /// An error as the JSON 1.1 protocol has it.
  public static func error(_ code: String, status: Int = 400, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers,
      body: Array(#"{"__type":"com.amazonaws.ssm#\#(code)","message":"said \#(code)"}"#.utf8))
  }
}
