import HTTPClient

/// The four calls of the Lambda Runtime API, version 2018-06-01.
struct RuntimeAPI: Sendable {
  private let base: String
  private let client: HTTPClient
  private let workingDirectory: String

  /// - Parameter host: `AWS_LAMBDA_RUNTIME_API`, host and port.
  init(host: String, client: HTTPClient, workingDirectory: String) {
    base = "http://\(host)/2018-06-01/runtime"
    self.client = client
    self.workingDirectory = workingDirectory
  }

  /// Waits for the next event, for hours if need be. It is never asked for again on our own: a second GET
  /// while one is pending is refused (403).
  func next() async throws(HTTPError) -> HTTPResponse {
    try await client.perform(HTTPRequest(.get, "\(base)/invocation/next", usesProxy: false))
  }

  func respond(to requestID: String, _ body: [UInt8]) async throws(HTTPError) -> HTTPResponse {
    try await post("/invocation/\(requestID)/response", body, headers: [:])
  }

  func reportError(
    of requestID: String, _ failure: Failure, origin: Failure.Origin
  ) async throws(HTTPError) -> HTTPResponse {
    try await post("/invocation/\(requestID)/error", failure.body, headers: errorHeaders(failure, origin))
  }

  func reportInitError(_ failure: Failure) async throws(HTTPError) -> HTTPResponse {
    try await post("/init/error", failure.body, headers: errorHeaders(failure, .runtime))
  }

  private func errorHeaders(_ failure: Failure, _ origin: Failure.Origin) -> HTTPHeaders {
    [
      "Lambda-Runtime-Function-Error-Type": failure.headerType(origin),
      "Lambda-Runtime-Function-XRay-Error-Cause": failure.xrayCause(workingDirectory: workingDirectory),
    ]
  }

  /// A report goes out even while the process is asked to end.
  private func post(
    _ path: String, _ body: [UInt8], headers: HTTPHeaders
  ) async throws(HTTPError) -> HTTPResponse {
    var headers = headers
    headers.append("Content-Type", "application/json")
    return try await client.perform(
      HTTPRequest(
        .post, base + path, headers: headers, body: body, usesProxy: false, isCancellable: false))
  }
}
