import Groundwork
import HTTPClient

extension Invocation {
  /// Reads the answer of `/invocation/next`; nil without a request id, which nobody could answer.
  init?(_ response: HTTPResponse) {
    guard let requestID = response.headers["Lambda-Runtime-Aws-Request-Id"], !requestID.isEmpty else {
      return nil
    }
    self.init(
      requestID: requestID,
      // A whole number: `Double` would also read "nan", which no clock ever reaches.
      deadline: response.headers["Lambda-Runtime-Deadline-Ms"].flatMap(Int.init).map {
        UnixTime(seconds: Double($0) / 1000)
      },
      functionARN: response.headers["Lambda-Runtime-Invoked-Function-Arn"],
      traceID: response.headers["Lambda-Runtime-Trace-Id"],
      event: response.body)
  }
}
