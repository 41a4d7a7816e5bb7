import Groundwork
import Testing

@testable import AWSClient

/// How fast calls go, learnt from throttling.
@Suite struct PaceTests {
  private static func at(_ seconds: Double) -> Instant { Instant(.seconds(seconds)) }

  /// A pace that was throttled so often, each time by a call that went at the rate so far.
  private func throttled(_ times: Int) -> Pace {
    var pace = Pace()
    for number in 0..<times {
      let ticket = pace.begin(at: Self.at(Double(number) * 1000))
      pace.throttled(ticket, at: Self.at(Double(number) * 1000), retryAfter: nil, random: 0)
    }
    return pace
  }

  @Test func nobodyWaitsWhileNothingIsThrottled() {
    var pace = Pace()
    for _ in 0..<1000 {
      #expect(pace.pause(at: Self.at(0)) == .zero)
      _ = pace.begin(at: Self.at(0))
      pace.succeeded()
    }
    #expect(pace.rate == nil)
  }

  @Test(arguments: [(1, 32), (2, 16), (3, 8), (6, 1), (7, 0.5), (40, Pace.slowest)])
  func everyThrottlingHalvesTheRate(times: Int, rate: Double) {
    #expect(throttled(times).rate == rate)
  }

  /// 64 calls that were under way together tell the same.
  @Test func callsThatWereUnderWayTogetherCountOnce() {
    var pace = Pace()
    let tickets = (0..<64).map { _ in pace.begin(at: Self.at(0)) }
    for ticket in tickets { pace.throttled(ticket, at: Self.at(0.1), retryAfter: nil, random: 0) }
    #expect(pace.rate == Pace.first)
    let next = pace.begin(at: Self.at(1))
    pace.throttled(next, at: Self.at(1), retryAfter: nil, random: 0)
    #expect(pace.rate == Pace.first / 2)
    pace.throttled(tickets[0], at: Self.at(1), retryAfter: nil, random: 0)
    #expect(pace.rate == Pace.first / 2)
  }

  /// At a rate of so many calls a second, a second of successes adds one call a second.
  @Test func successesRaiseTheRateByOneASecond() {
    var pace = throttled(1)
    for _ in 0..<Int(Pace.first) { pace.succeeded() }
    #expect(abs((pace.rate ?? 0) - (Pace.first + 1)) < 0.05)
  }

  @Test func belowOneCallASecondASuccessDoublesTheRate() {
    var pace = throttled(8)
    pace.succeeded()
    #expect(pace.rate == 0.5)
  }

  @Test func callsAreSpread() {
    var pace = throttled(3)
    let start = Self.at(10_000)
    _ = pace.begin(at: start)
    #expect(pace.pause(at: start) == .seconds(0.125))
    #expect(pace.pause(at: start + .seconds(0.1)) == .seconds(0.025))
    #expect(pace.pause(at: start + .seconds(1)) == .zero)
  }

  @Test(arguments: [(nil, 0, 0.125), (nil, 0.5, 0.1875), (3.0, 0, 3), (0.01, 0, 0.125)])
  func throttlingIsFollowedByAPause(retryAfter: Double?, random: Double, pause: Double) {
    var pace = throttled(2)
    let now = Self.at(10_000)
    let ticket = pace.begin(at: now)
    pace.throttled(ticket, at: now, retryAfter: retryAfter.map { .seconds($0) }, random: random)
    #expect(pace.pause(at: now) == .seconds(pause))
  }
}
