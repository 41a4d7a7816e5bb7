import AWSClient
import FleetKit
import Foundation
import Groundwork
import HTTPClient
import Synchronization

/// A service made of one function: gets the operation and the decoded body, gives the answer.
package final class FakeService: Sendable {
  package struct Call: Sendable {
    package var operation: String
    package var body: [String: String]
    package var request: HTTPRequest
  }

  package typealias Answer = @Sendable (Call, _ number: Int) throws(HTTPError) -> HTTPResponse

  private let recorded = Mutex<[Call]>([])
  private let answer: Answer

  package init(_ answer: @escaping Answer) { self.answer = answer }

  package var calls: [Call] { recorded.withLock { $0 } }
  package func count(of operation: String) -> Int { calls.filter { $0.operation == operation }.count }

  /// Dependencies of a client of this service.
  package func dependencies(
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
  package static func json(_ text: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: headers, body: Array(text.utf8))
  }

  /// An error as the JSON 1.1 protocol has it.
  package static func error(_ code: String, status: Int = 400, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers,
      body: Array(#"{"__type":"com.amazonaws.ssm#\#(code)","message":"said \#(code)"}"#.utf8))
  }
}
