import Glibc

/// A moment of a clock that never jumps; only differences of two of them mean anything.
public struct Instant: Sendable, Hashable, Comparable {
  /// Since a beginning that nobody knows.
  private let passed: Duration

  /// - Parameter passed: since a beginning that is the same for all instants of a clock.
  public init(_ passed: Duration) { self.passed = passed }

  /// Now, by the machine's own clock (`CLOCK_MONOTONIC`).
  public static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(.seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
  }

  /// A later moment, or an earlier one.
  public static func + (instant: Self, duration: Duration) -> Self {
    Instant(instant.passed + duration)
  }

  /// How much later the first is than the second.
  public static func - (later: Self, earlier: Self) -> Duration {
    later.passed - earlier.passed
  }

  /// Earlier ones first.
  public static func < (left: Self, right: Self) -> Bool { left.passed < right.passed }
}

/// The moment at which something ends, whatever it is at then; or never.
public struct Deadline: Sendable, Hashable, Comparable {
  /// nil for never.
  private let instant: Instant?

  /// No end.
  public static let never = Deadline(instant: nil)

  private init(instant: Instant?) { self.instant = instant }

  /// At a moment.
  public init(_ instant: Instant) { self.instant = instant }

  /// Whether it has come.
  public func hasCome(at now: Instant) -> Bool { instant.map { $0 <= now } ?? false }

  /// What is left of the time, negative when it is over; nil for a deadline that never comes.
  public func left(at now: Instant) -> Duration? { instant.map { $0 - now } }

  /// So much later, or earlier.
  public static func + (deadline: Self, duration: Duration) -> Self {
    Deadline(instant: deadline.instant.map { $0 + duration })
  }

  /// The one that comes first is the smaller one.
  public static func < (left: Self, right: Self) -> Bool {
    guard let first = left.instant else { return false }
    return right.instant.map { first < $0 } ?? true
  }
}

extension Duration {
  /// So many seconds; what no clock ever counts becomes 30 million years, and what is no number nothing.
  static func limited(_ seconds: Double) -> Duration {
    seconds.isNaN ? .zero : .seconds(min(max(seconds, -1e15), 1e15))
  }

  /// As a number of seconds.
  public var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }

  /// In whole seconds, rounded, for a message.
  public var inWholeSeconds: Int { Int(min(max(inSeconds, -1e15), 1e15).rounded()) }

  /// In whole milliseconds, rounded, for a message.
  public var inMilliseconds: Int { Int((min(max(inSeconds, -1e12), 1e12) * 1000).rounded()) }
}
