import Groundwork

/// How a service throttles: so many calls at once, and so many a second.
struct TokenBucket: Sendable {
  private let rate: Double
  private let burst: Double
  private var tokens: Double
  private var seen: Instant

  /// A full bucket.
  init(rate: Double, burst: Int, now: Instant) {
    (self.rate, self.burst) = (rate, Double(burst))
    tokens = Double(burst)
    seen = now
  }

  /// False where the call is throttled, which costs nothing.
  mutating func take(now: Instant) -> Bool {
    tokens = min(burst, tokens + (now - seen).inSeconds * rate)
    seen = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
