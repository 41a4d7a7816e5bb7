/// Time as a value: what the layers above know of the clock, so that a test can hand in another one.
public struct Clock: Sendable {
  /// The calendar's time.
  public var wall: @Sendable () -> UnixTime
  /// The time of a clock that never jumps.
  public var now: @Sendable () -> Instant
  /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
  public var sleep: @Sendable (Duration) async throws(CancellationError) -> Void

  /// A clock made of three functions.
  public init(
    wall: @escaping @Sendable () -> UnixTime,
    now: @escaping @Sendable () -> Instant,
    sleep: @escaping @Sendable (Duration) async throws(CancellationError) -> Void
  ) {
    self.wall = wall
    self.now = now
    self.sleep = sleep
  }
}
