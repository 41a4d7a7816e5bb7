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

  /// A service that answers so.
  public init(_ answer: @escaping Answer) { self.answer = answer }

  /// All calls so far.
  public var calls: [Call] { recorded.withLock { $0 } }
  /// How many calls of an operation there were.
  public func count(of operation: String) -> Int { calls.filter { $0.operation == operation }.count }

  /// Dependencies of a client of this service.
  public func dependencies(
    _ clock: Clock, environment: [String: String] = [:], random: @escaping @Sendable () -> Double = { 0.5 }
  ) -> ServiceClient.Dependencies {
    let variables = [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
    ].merging(environment) { $1 }
    return ServiceClient.Dependencies(
      send: { request throws(HTTPError) in try self.perform(request) }, clock: clock, random: random,
      environment: { variables[$0] })
  }

  private func perform(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let operation = (request.headers["X-Amz-Target"] ?? "").split(separator: ".").last.map(String.init) ?? ""
    let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
    let call = Call(operation: operation, body: object.mapValues { "\($0)" }, request: request)
    let number = recorded.withLock {
      $0.append(call)
      return $0.filter { $0.operation == operation }.count
    }
    return try answer(call, number)
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
