import Testing

@testable import AWSClient

@Suite struct RetryTests {
  @Test(arguments: [
    (400, "ThrottlingException", RetryPolicy.Reason.throttling), (400, "SlowDown", .throttling),
    (503, "RequestLimitExceeded", .throttling), (500, "InternalServerError", .transient), (502, "", .transient),
    (504, "", .transient), (400, "RequestTimeout", .transient), (400, "AccessDeniedException", nil),
    (400, "InvalidInstanceId", nil), (404, "", nil), (501, "", nil),
  ] as [(Int, String, RetryPolicy.Reason?)])
  func classification(status: Int, code: String, reason: RetryPolicy.Reason?) {
    #expect(RetryPolicy.reason(status: status, code: code) == reason)
  }

  @Test(arguments: [
    (1, RetryPolicy.Reason.transient, nil, 0.05), (2, .transient, nil, 0.1), (3, .transient, nil, 0.2),
    (1, .throttling, nil, 1), (3, .throttling, nil, 4), (30, .throttling, nil, 20), (30, .transient, nil, 20),
    (1, .throttling, 0.2, 1), (1, .throttling, 3, 3), (1, .throttling, 60, 6),
  ] as [(Int, RetryPolicy.Reason, Double?, Double)])
  func delays(failures: Int, reason: RetryPolicy.Reason, retryAfter: Double?, upperBound: Double) {
    let longest = RetryPolicy.delay(after: failures, for: reason, retryAfter: retryAfter, random: 1)
    #expect(abs(longest - upperBound) < 1e-9)
    if retryAfter == nil { #expect(RetryPolicy.delay(after: failures, for: reason, random: 0) == 0) }
  }

  @Test func quota() {
    var quota = RetryQuota()
    var taken = 0
    while quota.take(for: .transient) { taken += 1 }
    #expect(taken == 500 / 14)
    #expect(quota.tokens == 500 % 14)
    let wasTaken = quota.take(for: .throttling)
    #expect(wasTaken)
    quota.succeeded(afterRetryFor: .throttling)
    #expect(quota.tokens == 500 % 14)
    quota.succeeded(afterRetryFor: nil)
    #expect(quota.tokens == 500 % 14 + 1)
    for _ in 0..<1000 { quota.succeeded(afterRetryFor: .transient) }
    #expect(quota.tokens == RetryQuota.capacity)
  }

  @Test func skewIsLearntFromTheMiddleOfARequest() {
    var skew = ClockSkew()
    let date: HTTPHeaders = ["Date": "Sat, 31 Jan 2026 12:10:00 GMT"]
    skew.learn(from: date, sent: 1_769_860_800, received: 1_769_860_802)
    #expect(skew.seconds == 599)
    skew.learn(from: ["Date": "Sat, 31 Jan 2026 13:00:00 GMT", "Age": "3"], sent: 0, received: 0)
    skew.learn(from: [:], sent: 0, received: 0)
    skew.learn(from: ["Date": "tomorrow"], sent: 0, received: 0)
    #expect(skew.seconds == 599)
  }
}
