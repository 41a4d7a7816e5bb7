import HTTPClient

/// One event and what the Runtime API says about it.
public struct Invocation: Sendable {
  /// `Lambda-Runtime-Aws-Request-Id`.
  public var requestID: String
  /// Seconds since 1970 at which Lambda ends the invocation; nil when the header is missing or malformed.
  public var deadline: Double?
  /// `Lambda-Runtime-Invoked-Function-Arn`.
  public var functionARN: String?
  /// `Lambda-Runtime-Trace-Id`, for X-Ray.
  public var traceID: String?
  /// The event as it came.
  public var event: [UInt8]

  public init(
    requestID: String, deadline: Double? = nil, functionARN: String? = nil, traceID: String? = nil,
    event: [UInt8]
  ) {
    self.requestID = requestID
    self.deadline = deadline
    self.functionARN = functionARN
    self.traceID = traceID
    self.event = event
  }

  /// Reads the answer of `/invocation/next`; nil without a request id, which nobody could answer.
  init?(_ response: HTTPResponse) {
    guard let requestID = response.headers["Lambda-Runtime-Aws-Request-Id"], !requestID.isEmpty else {
      return nil
    }
    self.init(
      requestID: requestID,
      deadline: response.headers["Lambda-Runtime-Deadline-Ms"].flatMap(Double.init).map { $0 / 1000 },
      functionARN: response.headers["Lambda-Runtime-Invoked-Function-Arn"],
      traceID: response.headers["Lambda-Runtime-Trace-Id"],
      event: response.body)
  }
}
