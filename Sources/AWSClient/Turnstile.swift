import Groundwork
import Synchronization

/// The calls of one operation in one region, one after the other at the pace that they have learnt together.
final class Turnstile: Sendable {
  private let pace = Mutex(Pace())
  private let line = Gate(width: 1)

  /// Waits until the next call may go.
  /// - Returns: nil where that is not before `latest`, or the task was cancelled.
  func enter(latest: Deadline, _ clock: Clock) async -> Pace.Ticket? {
    if pace.withLock({ $0.rate == nil }) { return begin(at: clock.now()) }
    return try? await line.pass(latest: latest, clock, orThrow: CancellationError()) { [self] in
      // Whoever is throttled meanwhile makes the pause longer.
      while true {
        let now = clock.now()
        let pause = pace.withLock { $0.pause(at: now) }
        if pause == .zero { return begin(at: now) }
        if latest.hasCome(at: now + pause) { throw CancellationError() }
        try await clock.sleep(pause)
      }
    }
  }

  private func begin(at now: Instant) -> Pace.Ticket { pace.withLock { $0.begin(at: now) } }

  func throttled(_ ticket: Pace.Ticket, at now: Instant, retryAfter: Duration?, random: Double) {
    pace.withLock { $0.throttled(ticket, at: now, retryAfter: retryAfter, random: random) }
  }

  func succeeded() { pace.withLock { $0.succeeded() } }
}

/// Each operation's turnstile in each region.
final class Turnstiles: Sendable {
  private struct Place: Hashable {
    var operation: String
    var region: Region
  }

  private let all = Mutex<[Place: Turnstile]>([:])

  subscript(operation: String, region: Region) -> Turnstile {
    all.withLock { all in
      let place = Place(operation: operation, region: region)
      if let known = all[place] { return known }
      let new = Turnstile()
      all[place] = new
      return new
    }
  }
}
