import Glibc

/// Time as a value: what the layers above know of the clock, so that a test can hand in another one.
public struct Clock: Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public var wall: @Sendable () -> Double
  /// Seconds of a clock that never jumps; only differences mean anything.
  public var monotonic: @Sendable () -> Double
  /// Waits for a number of seconds; throws `CancellationError` when the task is cancelled meanwhile.
  public var sleep: @Sendable (Double) async throws(CancellationError) -> Void

  /// A clock made of three functions.
  public init(
    wall: @escaping @Sendable () -> Double,
    monotonic: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (Double) async throws(CancellationError) -> Void
  ) {
    self.wall = wall
    self.monotonic = monotonic
    self.sleep = sleep
  }

  /// The machine's clocks; sleepers wait on the client's event loop.
  public static func live(on client: HTTPClient) -> Clock {
    Clock(
      wall: { Self.read(CLOCK_REALTIME) },
      monotonic: { Monotonic.now },
      sleep: { (seconds: Double) async throws(CancellationError) in try await client.sleep(seconds) })
  }

  fileprivate static func read(_ id: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(id, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// The monotonic clock that the event loop's timers run on.
enum Monotonic {
  static var now: Double { Clock.read(CLOCK_MONOTONIC) }
}
