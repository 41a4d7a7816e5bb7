import Groundwork
import HTTPClient
import JSON

/// A request of a service that speaks REST: everything but the body is in the URL.
public struct RESTRequest: Sendable {
  /// E.g. `GET`.
  public var method: HTTPRequest.Method
  /// Its parts, each encoded by the client: `["clusters", name]` is `/clusters/NAME`.
  public var path: [String]
  /// Names and values, encoded by the client.
  public var query: [(String, String)]
  /// Beside those that the client sets.
  public var headers: HTTPHeaders
  /// As it is sent; empty for none.
  public var body: [UInt8]

  /// A request.
  public init(
    _ method: HTTPRequest.Method, _ path: [String], query: [(String, String)] = [],
    headers: HTTPHeaders = [:], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// With a body of JSON.
  /// - Throws: `EncodingError` for an input that JSON can't hold.
  public init(
    _ method: HTTPRequest.Method, _ path: [String], query: [(String, String)] = [], json: some Encodable
  ) throws {
    self.init(
      method, path, query: query, headers: ["Content-Type": "application/json"],
      body: try JSONWriter().write(json))
  }
}

/// What a REST service answered with a success.
public struct RESTAnswer: Sendable {
  /// 200 to 299.
  public var status: Int
  /// As they came.
  public var headers: HTTPHeaders
  /// As it came.
  public var body: [UInt8]

  init(_ response: HTTPResponse) {
    (status, headers, body) = (response.status, response.headers, response.body)
  }

  /// The body's JSON; nil where it is something else.
  public func decoded<Output: Decodable>(as type: Output.Type = Output.self) -> Output? {
    try? JSONReader().read(type, from: body.isEmpty ? Array("{}".utf8) : body)
  }
}

extension ServiceClient {
  /// Calls an operation of a service that speaks REST-JSON.
  /// - Throws: ``FailedCall`` after the last attempt, also where the answer is not the operation's output.
  public func rest<Output: Decodable & Sendable>(
    _ operation: String, region: Region, _ request: RESTRequest, returning: Output.Type = Output.self,
    options: Options = Options()
  ) async throws(FailedCall) -> Output {
    try await send(message(request), operation, region, options) { answer in
      answer.success?.decoded(as: Output.self)
    }
  }

  /// Posts JSON to an operation of a service that speaks REST-JSON.
  /// - Throws: ``FailedCall`` after the last attempt, also where the answer is not the operation's output.
  public func post<Output: Decodable & Sendable>(
    _ operation: String, region: Region, _ path: [String], json input: some Encodable,
    returning: Output.Type = Output.self, options: Options = Options()
  ) async throws(FailedCall) -> Output {
    let request = RESTRequest(
      .post, path, headers: ["Content-Type": "application/json"],
      body: try encode(input, operation, region))
    return try await rest(operation, region: region, request, options: options)
  }

  /// Calls an operation whose answer is more than JSON: a status, headers, another body.
  /// - Throws: ``FailedCall`` after the last attempt.
  public func rest(
    _ operation: String, region: Region, _ request: RESTRequest, options: Options = Options()
  ) async throws(FailedCall) -> RESTAnswer {
    try await send(message(request), operation, region, options) { $0.success }
  }

  private func message(_ request: RESTRequest) -> Message {
    Message(
      request.method,
      path: "/" + request.path.map { PercentEncoding.encode($0, leaving: "~") }.joined(separator: "/"),
      query: PercentEncoding.pairs(request.query), headers: request.headers, body: request.body)
  }
}
