import AWSClient
import Groundwork
import Synchronization

/// A clock that stands still until somebody sleeps: then it jumps.
package final class VirtualClock: Sendable {
  private struct State {
    var now = Duration.zero
    var sleeps: [Duration] = []
  }

  private let state = Mutex(State())
  /// 2026-01-31T12:00:00Z.
  package static let start = UnixTime(seconds: 1_769_860_800)

  package init() {}

  /// Since it was made.
  package var elapsed: Duration { state.withLock { $0.now } }
  package var now: Instant { Instant(elapsed) }
  package var sleeps: [Duration] { state.withLock { $0.sleeps } }

  package func advance(_ time: Duration) { state.withLock { $0.now += time } }

  /// - Parameter drift: how far the wall clock is off.
  package func clock(drift: Duration = .zero) -> Clock {
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
