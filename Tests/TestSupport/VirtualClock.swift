import AWSClient
import Synchronization

/// A clock that stands still until somebody sleeps: then it jumps.
package final class VirtualClock: Sendable {
  private struct State {
    var now: Double = 0
    var sleeps: [Double] = []
  }

  private let state = Mutex(State())
  /// 2026-01-31T12:00:00Z.
  package static let start: Double = 1_769_860_800

  package init() {}

  package var now: Double { state.withLock { $0.now } }
  package var sleeps: [Double] { state.withLock { $0.sleeps } }

  package func advance(_ seconds: Double) { state.withLock { $0.now += seconds } }

  /// - Parameter drift: how far the wall clock is off.
  package func clock(drift: Double = 0) -> Clock {
    Clock(
      wall: { Self.start + self.now + drift }, monotonic: { self.now },
      sleep: { (seconds: Double) async throws(CancellationError) in
        if Task.isCancelled { throw CancellationError() }
        self.state.withLock {
          $0.now += seconds
          $0.sleeps.append(seconds)
        }
      })
  }
}
