import Groundwork
import HTTPClient
import JSON

/// An HTTP answer read as one of the JSON 1.1 protocol, or of S3, whose errors are XML.
struct Answer {
  private let response: HTTPResponse
  private let operation: String
  private let region: Region
  private let endpoint: String
  private let errorBody: ErrorBody?

  private struct ErrorBody: Decodable {
    var type: String?
    var message: String?

    private enum Key: String, CodingKey {
      case __type, code, message, Message
    }

    /// The first `<Error><Code>…</Code><Message>…</Message></Error>`, which is all of S3's answer and a part of others'; nil for
    /// anything else.
    init?(xml: [UInt8]) {
      guard let error = (try? XMLReader.read(xml))?.first("Error"), let code = error["Code"]?.text else {
        return nil
      }
      type = code
      message = error["Message"]?.text
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      type =
        try? fields.decodeIfPresent(String.self, forKey: .__type)
        ?? fields.decodeIfPresent(String.self, forKey: .code)
      message =
        try? fields.decodeIfPresent(String.self, forKey: .message)
        ?? fields.decodeIfPresent(String.self, forKey: .Message)
    }
  }

  init(_ response: HTTPResponse, operation: String, region: Region, endpoint: String) {
    self.response = response
    self.operation = operation
    self.region = region
    self.endpoint = endpoint
    errorBody =
      isSuccess(response)
      ? nil
      : (try? JSONReader().read(ErrorBody.self, from: response.body))
        ?? ErrorBody(xml: response.body)
  }

  /// The body of a success as it came.
  var body: [UInt8]? { isSuccess(response) ? response.body : nil }

  /// All of a success.
  var success: RESTAnswer? { isSuccess(response) ? RESTAnswer(response) : nil }

  /// The operation's output; nil when this is an error or not the service's JSON.
  func decoded<Output: Decodable>(as type: Output.Type) -> Output? {
    guard isSuccess(response) else { return nil }
    if type == NoOutput.self, response.body.isEmpty { return NoOutput() as? Output }
    // An output that was cut may end in half a character, which is no reason to lose all of it.
    return try? JSONReader(brokenText: .repaired).read(type, from: response.body)
  }

  /// Bytes; the longest code of Systems Manager's model takes 44.
  private static let longestCode = 100
  /// Bytes of what else of an answer goes into a message.
  private static let longestWords = 2000

  /// The service's error code: what stands in `x-amzn-ErrorType` or `__type` between `#` and `:`. Something that is
  /// no name is none.
  private var code: String? {
    guard let text = response.headers["x-amzn-ErrorType"] ?? errorBody?.type else { return nil }
    guard let name = text.prefix(while: { $0 != ":" }).split(separator: "#").last.map(String.init),
      (1...Self.longestCode).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    return name
  }

  var mayMeanSkew: Bool { code.map(ClockSkew.isSkewError) ?? false }

  var retryReason: RetryPolicy.Reason? { RetryPolicy.reason(status: response.status, code: code ?? "") }

  /// What the service asks to wait: `x-amz-retry-after`, in whole milliseconds, or HTTP's `Retry-After`, in whole seconds, which
  /// the models of newer services call `retryAfterSeconds`.
  var retryAfter: Duration? {
    if let wait = response.headers["x-amz-retry-after"].flatMap({ Int($0) }) {
      return .milliseconds(max(wait, 0))
    }
    return response.headers["Retry-After"].flatMap { UInt32($0) }.map { .seconds(Int64($0)) }
  }

  var failure: FailedCall {
    // A throttled or refused request was not carried out; a server error may come after the fact, and so
    // may an answer that can't be read.
    let mayHaveHappened = retryReason == .transient || isSuccess(response)
    guard let code else {
      return FailedCall(
        .unreachable(
          .init(
            operation: operation, region: region.name, endpoint: endpoint, reason: foreignAnswer,
            status: response.status)),
        mayHaveHappened: mayHaveHappened)
    }
    return FailedCall(
      .service(
        .init(
          code: code, message: (errorBody?.message ?? "no message").shown(bytes: Self.longestWords),
          requestID: response.headers["x-amzn-RequestId"]?.shown(bytes: 100), status: response.status,
          operation: operation, region: region.name)),
      mayHaveHappened: mayHaveHappened)
  }

  private var foreignAnswer: String {
    let type = response.headers["Content-Type"]?.shown(bytes: 100) ?? "no content type"
    let start = String(decoding: response.body.prefix(80), as: UTF8.self)
    let readable = String(start.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return "HTTP \(response.status) with \(type) is not an answer to this request: \"\(readable)\""
  }
}

private func isSuccess(_ response: HTTPResponse) -> Bool { (200..<300).contains(response.status) }
