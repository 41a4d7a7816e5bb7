import Groundwork

@testable import AWSClient
@testable import HTTPClient
@testable import LambdaRuntime

/// Headers of the Runtime API and of AWS, and the errors that they and a body make together.
let headerTargets = [
  FuzzTarget(name: "header-line", seeds: ["Content-Type:  text/html \r\n", "HTTP/1.1 200 OK\r\n", ":", "a:"])
  {
    bytes in
    guard let field = bytes.withUnsafeBytes({ HTTPHeaders.Field(line: $0) }) else { return }
    promise(!field.name.utf8.contains(UInt8(ascii: ":")), "a name reaches beyond the colon")
  },
  FuzzTarget(
    name: "invocation",
    seeds: [
      "Lambda-Runtime-Aws-Request-Id: 1\nLambda-Runtime-Deadline-Ms: 1769860800000\n"
        + "Lambda-Runtime-Invoked-Function-Arn: arn\nLambda-Runtime-Trace-Id: Root=1\n\n{}"
    ]
  ) { bytes in
    guard let invocation = Invocation(response(bytes)) else { return }
    promise(!invocation.requestID.isEmpty, "an invocation that nobody could answer")
    promise(invocation.deadline?.seconds.isFinite ?? true, "a deadline that is no moment")
  },
  FuzzTarget(
    name: "error-answer",
    seeds: [
      "x-amzn-RequestId: 1\nx-amz-retry-after: 1500\nDate: Sat, 31 Jan 2026 12:00:00 GMT\n\n"
        + #"{"__type": "com.amazonaws.ssm#ThrottlingException", "message": "slow down"}"#,
      "x-amzn-ErrorType: a#AccessDenied:http://x\n\n{\"Message\": \"no\"}",
      "Content-Type: text/html\n\n<html>", "x-amz-retry-after: nan\n\n{}",
    ]
  ) { bytes in
    for status in [200, 400, 503] {
      let response = response(bytes, status: status)
      let answer = Answer(response, operation: "O", region: .virginia, endpoint: "e")
      promise(!answer.failure.error.type.isEmpty, "an error without a type")
      let delay = RetryPolicy.delay(
        after: 1, for: .throttling, retryAfter: answer.retryAfter, random: 0.5)
      promise((0.5...5.5).contains(delay.inSeconds), "a retry after \(delay)")
      var skew = ClockSkew()
      let time = UnixTime(seconds: 0)
      skew.learn(from: response.headers, sent: time, received: time)
      _ = (time + skew.behind).utc
    }
  },
  FuzzTarget(name: "http-date", seeds: ["Sat, 31 Jan 2026 23:59:59 GMT", "Tue, 29 Feb 2028 00:00:60 GMT"]) {
    bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    guard let moment = UTCDateTime.time(httpDate: text) else { return }
    let (time, words) = (moment.utc, text.split(separator: " "))
    let isLeapSecond = words[4].hasSuffix("60")
    promise(isLeapSecond || Int(words[1]) == time.day, "\(text) became \(time.extended)")
    promise(isLeapSecond || Int(words[3]) == time.year, "\(text) became \(time.extended)")
  },
]

/// `Name: value` in lines, an empty line, and the body.
private func response(_ bytes: [UInt8], status: Int = 200) -> HTTPResponse {
  var headers: HTTPHeaders = []
  var rest = bytes[...]
  while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
    let line = rest[..<end]
    rest = rest[(end + 1)...]
    if line.isEmpty { break }
    if let field = line.withUnsafeBytes({ HTTPHeaders.Field(line: $0) }) {
      headers.append(field.name, field.value)
    }
  }
  return HTTPResponse(status: status, headers: headers, body: Array(rest))
}
