import Groundwork
import HTTPClient
import Testing

@testable import LambdaRuntime

@Suite struct InvocationTests {
  private func invocation(_ headers: HTTPHeaders) -> Invocation? {
    Invocation(HTTPResponse(status: 200, headers: headers, body: [1]))
  }

  @Test(
    arguments: [
      ("1700000000500", 1_700_000_000.5), ("0", 0), ("-1000", -1), ("", nil), ("soon", nil), ("nan", nil),
      ("inf", nil), ("1e300", nil), ("0x10", nil), ("12.5", nil), ("99999999999999999999", nil),
    ] as [(String, Double?)])
  func deadline(header: String, expected: Double?) throws {
    let read = try #require(
      invocation(["Lambda-Runtime-Aws-Request-Id": "a", "Lambda-Runtime-Deadline-Ms": header]))
    #expect(read.deadline == expected.map { UnixTime(seconds: $0) })
  }

  @Test func withoutAnIdThereIsNoInvocation() {
    #expect(invocation([]) == nil)
    #expect(invocation(["Lambda-Runtime-Aws-Request-Id": ""]) == nil)
  }

  @Test func whatIsMissingIsNil() throws {
    let read = try #require(invocation(["lambda-runtime-aws-request-id": "a"]))
    #expect(read.requestID == "a" && read.event == [1])
    #expect(read.deadline == nil && read.functionARN == nil && read.traceID == nil)
  }
}
