import Glibc

/// A moment of the calendar's time, which may jump when somebody sets the clock.
public struct UnixTime: Sendable, Hashable, Comparable {
  /// Since 1970-01-01T00:00:00Z.
  public let seconds: Double

  /// - Parameter seconds: since 1970-01-01T00:00:00Z.
  public init(seconds: Double) { self.seconds = seconds }

  /// Now, by the machine's own clock.
  public static var now: UnixTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UnixTime(seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  /// A later moment, or an earlier one.
  public static func + (time: Self, duration: Duration) -> Self {
    UnixTime(seconds: time.seconds + duration.inSeconds)
  }

  /// An earlier moment, or a later one.
  public static func - (time: Self, duration: Duration) -> Self {
    UnixTime(seconds: time.seconds - duration.inSeconds)
  }

  /// How much later the first is than the second.
  public static func - (later: Self, earlier: Self) -> Duration { .limited(later.seconds - earlier.seconds) }

  /// Earlier ones first.
  public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

  /// In UTC.
  public var utc: UTCDateTime { UTCDateTime(self) }
}
