import HTTPClient

/// One event and what the Runtime API says about it.
package struct Invocation: Sendable {
  /// `Lambda-Runtime-Aws-Request-Id`.
  package var requestID: String
  /// Seconds since 1970 at which Lambda ends the invocation; nil when the header is missing or malformed.
  package var deadline: Double?
  /// `Lambda-Runtime-Invoked-Function-Arn`.
  package var functionARN: String?
  /// `Lambda-Runtime-Trace-Id`, for X-Ray.
  package var traceID: String?
  /// The event as it came.
  package var event: [UInt8]

  package init(
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
      // A whole number: `Double` would also read "nan", which no clock ever reaches.
      deadline: response.headers["Lambda-Runtime-Deadline-Ms"].flatMap(Int.init).map { Double($0) / 1000 },
      functionARN: response.headers["Lambda-Runtime-Invoked-Function-Arn"],
      traceID: response.headers["Lambda-Runtime-Trace-Id"],
      event: response.body)
  }
}
