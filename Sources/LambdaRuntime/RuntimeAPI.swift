import Groundwork
import HTTPClient

/// The requests of the Lambda Runtime API, version 2018-06-01.
struct RuntimeAPI: Sendable {
  /// Waits for the next event, for hours if need be. It is not to be sent while one is pending: the second
  /// GET would be refused (403).
  let next: HTTPRequest
  /// Bytes of an event at most: Lambda takes 6 MiB, and room for what it may add.
  private static let largestEvent = 16 << 20
  private let base: String
  private let workingDirectory: String

  /// - Parameter host: `AWS_LAMBDA_RUNTIME_API`, host and port.
  init(host: String, workingDirectory: String) {
    base = "http://\(host)/2018-06-01/runtime"
    next = HTTPRequest(
      .get, "\(base)/invocation/next", maximumBodySize: Self.largestEvent, usesProxy: false)
    self.workingDirectory = workingDirectory
  }

  func response(to requestID: String, _ body: [UInt8]) -> HTTPRequest {
    post("/invocation/\(requestID)/response", body, headers: Self.json)
  }

  func error(of requestID: String, _ failure: Failure) -> HTTPRequest {
    post("/invocation/\(requestID)/error", failure.body, headers: headers(of: failure, .function))
  }

  func initError(_ failure: Failure) -> HTTPRequest {
    post("/init/error", failure.body, headers: headers(of: failure, .runtime))
  }

  private static let json: HTTPHeaders = ["Content-Type": "application/json"]

  private func headers(of failure: Failure, _ origin: Failure.Origin) -> HTTPHeaders {
    var headers = Self.json
    headers.append("Lambda-Runtime-Function-Error-Type", failure.headerType(origin))
    headers.append(
      "Lambda-Runtime-Function-XRay-Error-Cause", failure.xrayCause(workingDirectory: workingDirectory))
    return headers
  }

  /// A report goes out even while the process is asked to end.
  private func post(_ path: String, _ body: [UInt8], headers: HTTPHeaders) -> HTTPRequest {
    HTTPRequest(.post, base + path, headers: headers, body: body, usesProxy: false, isCancellable: false)
  }
}
