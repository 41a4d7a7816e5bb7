import Groundwork

/// How fast an operation is called in a region: as fast as its callers like, until the service throttles; from then on at
/// a rate that every throttling halves and every second of success raises by one call a second (additive increase,
/// multiplicative decrease).
struct Pace: Sendable {
  /// Calls a second after the first throttling.
  static let first: Double = 32
  /// Calls a second at the least: the pause is then as long as the SDKs' longest, 20 s.
  static let slowest: Double = 0.05

  /// Which of the rates so far a call was begun at.
  struct Ticket: Sendable, Equatable {
    fileprivate var decreases: Int
  }

  /// Calls a second; nil for as fast as one likes.
  private(set) var rate: Double?
  private var decreases = 0
  private var next: Instant?

  /// Nothing is known yet.
  init() {}

  /// How long the next call has to wait; 0 for not at all.
  func pause(at now: Instant) -> Duration { next.map { max($0 - now, .zero) } ?? .zero }

  /// A call goes out.
  mutating func begin(at now: Instant) -> Ticket {
    if let rate { next = now + .seconds(1 / rate) }
    return Ticket(decreases: decreases)
  }

  /// A call was throttled. Of those that were under way together only the first one tells something new.
  /// - Parameters:
  ///   - retryAfter: what the service asked for.
  ///   - random: a number from 0 up to 1; functions that were throttled together don't come again together.
  mutating func throttled(_ ticket: Ticket, at now: Instant, retryAfter: Duration?, random: Double) {
    if ticket.decreases == decreases {
      decreases += 1
      rate = max((rate ?? Self.first * 2) / 2, Self.slowest)
    }
    let pause = Duration.seconds((1 + random) / (rate ?? Self.first))
    next = max(next ?? now, now + max(pause, retryAfter ?? .zero))
  }

  /// A call was answered.
  mutating func succeeded() {
    // Below one call a second each success doubles the rate.
    if let rate { self.rate = rate + min(1 / rate, rate) }
  }
}
