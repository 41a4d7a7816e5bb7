import Groundwork
import Testing

@testable import AWSClient

/// The numbers of standard retry mode, as the AWS SDKs' shared specification has them.
@Suite struct RetryTests {
  @Test(arguments: [
    "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete",
  ])
  func transientCodes(code: String) {
    #expect(RetryPolicy.reason(status: 400, code: code) == .transient)
  }

  @Test(arguments: [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
    "RequestThrottledException", "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "SlowDown", "EC2ThrottledException",
  ])
  func throttlingCodes(code: String) {
    // Whatever the status: also where that alone would be transient.
    for status in [400, 429, 500, 503] {
      #expect(RetryPolicy.reason(status: status, code: code) == .throttling)
    }
  }

  @Test(
    arguments: [
      (500, "InternalServerError", .transient), (500, "", .transient), (502, "", .transient),
      (503, "", .transient), (504, "", .transient), (501, "", nil), (505, "", nil), (429, "", nil),
      (404, "", nil), (400, "", nil), (400, "AccessDeniedException", nil), (400, "InvalidInstanceId", nil),
      (400, "throttling", nil), (403, "InvalidSignatureException", nil), (200, "", nil),
    ] as [(Int, String, RetryPolicy.Reason?)])
  func statuses(status: Int, code: String, reason: RetryPolicy.Reason?) {
    #expect(RetryPolicy.reason(status: status, code: code) == reason)
  }

  /// Doubled each time, capped at 20 s before the jitter takes its share.
  @Test(
    arguments: [
      (1, .transient, 0.05), (2, .transient, 0.1), (3, .transient, 0.2), (9, .transient, 12.8),
      (10, .transient, 20), (30, .transient, 20), (1, .throttling, 1), (2, .throttling, 2),
      (5, .throttling, 16), (6, .throttling, 20), (30, .throttling, 20), (.max, .throttling, 20),
    ] as [(Int, RetryPolicy.Reason, Double)])
  func backoff(failures: Int, reason: RetryPolicy.Reason, longest: Double) {
    for random in [0, 0.25, 0.5, 0.999] {
      let delay = RetryPolicy.delay(after: failures, for: reason, random: random)
      #expect(abs(delay.inSeconds - longest * random) < 1e-9)
    }
  }

  /// What the service asks for counts between the own delay t and t + 5 s.
  @Test(
    arguments: [
      (0, 0.5, 0.5), (0.2, 0.5, 0.5), (0.5, 0.5, 0.5), (3, 0.5, 3), (5.5, 0.5, 5.5), (60, 0.5, 5.5),
      (3, 0, 3),
      (60, 0, 5),
    ] as [(Double, Double, Double)])
  func retryAfter(asked: Double, random: Double, delay: Double) {
    let own = RetryPolicy.delay(
      after: 1, for: .throttling, retryAfter: .seconds(asked), random: random)
    #expect(own == .seconds(delay))
  }

  @Test(arguments: [(RetryPolicy.Reason.transient, 14), (.throttling, 5)])
  func quota(reason: RetryPolicy.Reason, cost: Int) {
    var quota = RetryQuota()
    #expect(quota.tokens == 500)
    var taken = 0
    while quota.take(for: reason) { taken += 1 }
    #expect(taken == 500 / cost)
    #expect(quota.tokens == 500 % cost)
    let left = quota.tokens
    quota.succeeded(afterRetryFor: reason)
    #expect(quota.tokens == left + cost)
    quota.succeeded(afterRetryFor: nil)
    #expect(quota.tokens == left + cost + 1)
    for _ in 0..<1000 { quota.succeeded(afterRetryFor: reason) }
    #expect(quota.tokens == 500)
  }
}
