/// One event of a function, and what Lambda says about it.
public struct Invocation: Sendable {
  /// `Lambda-Runtime-Aws-Request-Id`.
  public var requestID: String
  /// When Lambda ends the invocation; nil when the header is missing or malformed.
  public var deadline: UnixTime?
  /// `Lambda-Runtime-Invoked-Function-Arn`.
  public var functionARN: String?
  /// `Lambda-Runtime-Trace-Id`, for X-Ray.
  public var traceID: String?
  /// The event as it came.
  public var event: [UInt8]

  /// An event; everything but it and its id may be missing.
  public init(
    requestID: String, deadline: UnixTime? = nil, functionARN: String? = nil, traceID: String? = nil,
    event: [UInt8]
  ) {
    self.requestID = requestID
    self.deadline = deadline
    self.functionARN = functionARN
    self.traceID = traceID
    self.event = event
  }
}

/// Takes an event, gives the bytes of the result; what it throws becomes an error report.
public typealias Handler = @Sendable (Invocation, Logger) async throws(Failure) -> [UInt8]
