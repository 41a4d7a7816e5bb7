import HTTPClient
import Testing

@testable import LambdaRuntime

@Suite struct InvocationTests {
  @Test(
    arguments: [
      ("1769860800123", 1_769_860_800.123), ("0", 0), (nil, nil), ("", nil), ("soon", nil), ("nan", nil),
      ("inf", nil), ("-inf", nil), ("1e12", nil), ("99999999999999999999999", nil),
    ] as [(String?, Double?)])
  func deadline(header: String?, seconds: Double?) throws {
    var headers: HTTPHeaders = ["lambda-runtime-aws-request-id": "1"]
    if let header { headers.append("Lambda-Runtime-Deadline-Ms", header) }
    let invocation = try #require(Invocation(HTTPResponse(status: 200, headers: headers)))
    #expect(invocation.deadline == seconds)
  }

  @Test(arguments: [[:], ["Lambda-Runtime-Aws-Request-Id": ""]] as [HTTPHeaders])
  func withoutARequestID(headers: HTTPHeaders) {
    #expect(Invocation(HTTPResponse(status: 200, headers: headers)) == nil)
  }
}
