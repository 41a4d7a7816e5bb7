import AWSClient
import Synchronization

/// A clock that stands still until somebody sleeps: then it jumps.
public final class VirtualClock: Sendable {
  private struct State {
    var now: Double = 0
    var sleeps: [Double] = []
  }

  private let state = Mutex(State())
  /// 2026-01-31T12:00:00Z.
  public static let start: Double = 1_769_860_800

  public init() {}

  public var now: Double { state.withLock { $0.now } }
  public var sleeps: [Double] { state.withLock { $0.sleeps } }

  public func advance(_ seconds: Double) { state.withLock { $0.now += seconds } }

  /// - Parameter drift: how far the wall clock is off.
  public func clock(drift: Double = 0) -> Clock {
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
