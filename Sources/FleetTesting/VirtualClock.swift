import AWSClient
import Groundwork
import Synchronization

/// A clock that stands still until somebody sleeps: then it jumps.
public final class VirtualClock: Sendable {
  private struct State {
    var now = Duration.zero
    var sleeps: [Duration] = []
  }

  private let state = Mutex(State())
  /// 2026-01-31T12:00:00Z.
  public static let start = UnixTime(seconds: 1_769_860_800)

  /// A clock at its beginning.
  public init() {}

  /// Since it was made.
  public var elapsed: Duration { state.withLock { $0.now } }
  /// What it shows.
  public var now: Instant { Instant(elapsed) }
  /// How long was slept, in this order.
  public var sleeps: [Duration] { state.withLock { $0.sleeps } }

  /// Moves it on.
  public func advance(_ time: Duration) { state.withLock { $0.now += time } }

  /// - Parameter drift: how far the wall clock is off.
  public func clock(drift: Duration = .zero) -> Clock {
    Clock(
      wall: { Self.start + self.elapsed + drift }, now: { self.now },
      sleep: { (time: Duration) async throws(CancellationError) in
        if Task.isCancelled { throw CancellationError() }
        self.state.withLock {
          $0.now += time
          $0.sleeps.append(time)
        }
      })
  }
}
