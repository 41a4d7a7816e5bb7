import Groundwork
import HTTPClient
import FleetTesting
import Testing

@testable import AWSClient

@Suite struct ClockSkewTests {
  private static let noon = "Sat, 31 Jan 2026 12:00:00 GMT"
  private let clock = VirtualClock()

  @Test func learntFromTheMiddleOfARequest() {
    var skew = ClockSkew()
    skew.learn(
      from: ["Date": "Sat, 31 Jan 2026 12:10:00 GMT"], sent: UnixTime(seconds: 1_769_860_800),
      received: UnixTime(seconds: 1_769_860_802))
    #expect(skew.behind == .seconds(599))
  }

  @Test(
    arguments: [
      ["Date": "Sat, 31 Jan 2026 13:00:00 GMT", "Age": "3"],
      ["Date": "Sat, 31 Jan 2026 13:00:00 GMT", "age": "0"],
      [:], ["Date": "tomorrow"], ["Date": ""], ["Date": "Sat, 31 Feb 2026 13:00:00 GMT"],
      ["Date": "Sat, 31 Jan 2026 25:00:00 GMT"], ["Last-Modified": "Sat, 31 Jan 2026 13:00:00 GMT"],
    ] as [HTTPHeaders])
  func nothingIsLearntFrom(headers: HTTPHeaders) {
    var skew = ClockSkew()
    skew.learn(
      from: ["Date": Self.noon], sent: VirtualClock.start, received: VirtualClock.start + .seconds(-20))
    skew.learn(from: headers, sent: VirtualClock.start, received: VirtualClock.start)
    #expect(skew.behind == .seconds(10))
  }

  /// A service that takes no signature but one of its own time, to the second.
  private func service(_ code: String, headers: HTTPHeaders = ["Date": noon]) -> FakeService {
    FakeService { call, _ throws(HTTPError) in
      call.request.headers["X-Amz-Date"]?.hasPrefix("20260131T120000") == true
        ? .json("{}", headers: headers) : .error(code, status: 403, headers: headers)
    }
  }

  @Test(arguments: [(241.0, 2), (239, 1), (-241, 2), (-239, 1), (240, 1), (86_400, 2)])
  func worthARetry(drift: Double, count: Int) async throws {
    let service = service("InvalidSignatureException")
    let caller = try Caller(service, clock.clock(drift: .seconds(drift)), random: 0)
    let outcome = await caller.call()
    #expect(service.calls.count == count)
    #expect(outcome == (count == 2 ? nil : "AWS.InvalidSignatureException"))
  }

  @Test(
    arguments: [
      ("RequestTimeTooSkewed", 2), ("RequestExpired", 2), ("RequestInTheFuture", 2),
      ("SignatureDoesNotMatch", 2),
      ("AuthFailure", 2), ("AccessDeniedException", 1), ("ExpiredTokenException", 1),
    ])
  func codes(code: String, count: Int) async throws {
    let service = service(code)
    _ = await (try Caller(service, clock.clock(drift: .seconds(600)), random: 0)).call()
    #expect(service.calls.count == count)
  }

  @Test(arguments: [[:], ["Date": noon, "Age": "1"]] as [HTTPHeaders])
  func anAnswerThatTellsNoTime(headers: HTTPHeaders) async throws {
    let service = service("InvalidSignatureException", headers: headers)
    _ = await (try Caller(service, clock.clock(drift: .seconds(600)), random: 0)).call()
    #expect(service.calls.count == 1)
  }

  /// What is learnt stays, and belongs to its region.
  @Test func remembered() async throws {
    let service = service("InvalidSignatureException")
    let caller = try Caller(service, clock.clock(drift: .seconds(-600)), random: 0)
    for (region, count) in [(Region.virginia, 2), (.virginia, 3), (.frankfurt, 5), (.virginia, 6)] {
      #expect(await caller.call(region: region) == nil)
      #expect(service.calls.count == count)
    }
  }

  /// A signature that is wrong with the right time, too, is not sent a third time.
  @Test func aWrongKeyAndAWrongClock() async throws {
    let service = FakeService { _, _ throws(HTTPError) in
      .error("InvalidSignatureException", status: 403, headers: ["Date": Self.noon])
    }
    let outcome = await (try Caller(service, clock.clock(drift: .seconds(600)), random: 0)).call()
    #expect(outcome == "AWS.InvalidSignatureException")
    #expect(service.calls.count == 2)
  }
}
