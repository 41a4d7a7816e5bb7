import FleetTesting
import Groundwork
import HTTPClient
import Testing

@testable import AWSClient

/// Calls that are one of many: throttled as often as it may be, until their time is over.
@Suite struct PacedCallTests {
  private struct Empty: Codable {}

  private struct End {
    var error: AWSError?
    var at: Duration
    var calls: Int
  }

  private func call(
    isOneOfMany: Bool = true, latest: Duration? = .seconds(100), environment: [String: String] = [:],
    _ answer: @escaping FakeService.Answer
  ) async -> End {
    await SimulatedTime.run { time in
      let service = FakeService(answer)
      var options = ServiceClient.Options()
      options.isOneOfMany = isOneOfMany
      options.latest = latest.map { Deadline(Instant($0)) } ?? .never
      var failure: AWSError?
      do {
        let client = try ServiceClient(
          service: "ssm", targetPrefix: "AmazonSSM",
          service.dependencies(time.clock, environment: environment))
        let _: Empty = try await client.call("Ask", region: .virginia, Empty(), options: options)
      } catch let error as FailedCall {
        failure = error.error
      } catch {}
      return End(error: failure, at: time.elapsed, calls: service.calls.count)
    }
  }

  @Test(arguments: [nil, "1"])
  func throttlingIsNoReasonToGiveUp(attempts: String?) async {
    let end = await call(environment: attempts.map { ["AWS_MAX_ATTEMPTS": $0] } ?? [:]) {
      _, number throws(HTTPError) in number < 8 ? .error("ThrottlingException") : .json("{}")
    }
    #expect(end.error == nil && end.calls == 8)
  }

  /// The last word is the service's, and it comes in time: a pause that would end too late is not begun.
  @Test func theTimeIsOver() async {
    let end = await call { _, _ throws(HTTPError) in .error("ThrottlingException") }
    #expect(end.error?.code == "ThrottlingException" && end.error?.isPassing == true)
    #expect(end.at <= .seconds(100) && end.at > .seconds(50))
    // Pauses that double, up to 20 s.
    #expect((10...20).contains(end.calls))
  }

  @Test func patienceHasAnEndWhereThereIsNoDeadline() async {
    let end = await call(latest: nil) { _, _ throws(HTTPError) in .error("ThrottlingException") }
    #expect(end.error?.code == "ThrottlingException")
    #expect(end.at <= .seconds(900) && end.at > .seconds(800))
  }

  /// One call by itself stays with what the SDKs do.
  @Test func whoIsAloneIsTriedThreeTimes() async {
    let end = await call(isOneOfMany: false) { _, _ throws(HTTPError) in .error("ThrottlingException") }
    #expect(end.error?.code == "ThrottlingException" && end.calls == 3)
  }

  @Test(arguments: [("InternalServerError", 500, 3), ("AccessDeniedException", 400, 1)])
  func whatIsNoThrottlingIsTriedAsOftenAsEver(code: String, status: Int, calls: Int) async {
    let end = await call { _, _ throws(HTTPError) in .error(code, status: status) }
    #expect(end.error?.code == code && end.calls == calls)
    #expect(end.error?.isPassing == (status == 500))
  }

  @Test func theServiceSaysWhenToComeAgain() async {
    let end = await call { _, number throws(HTTPError) in
      number == 1 ? .error("ThrottlingException", headers: ["x-amz-retry-after": "7000"]) : .json("{}")
    }
    #expect(end.error == nil && end.at == .seconds(7))
  }
}
