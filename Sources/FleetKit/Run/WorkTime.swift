import Groundwork

/// For how long a fleet's commands are waited for.
struct WorkTime: Sendable {
  enum Span: Sendable {
    /// In steps: all end together, so long after the first step began, by the wall clock.
    case step(started: UnixTime)
    /// In one invocation: each command by itself, so long after it was sent; what is done must be done by then.
    case invocation(begun: Instant, latest: Deadline)
  }

  let span: Span
  let limit: Duration
  /// Who has set the limit, for people, e.g. the variable's name.
  let limitName: String
  let clock: Clock

  var isInSteps: Bool { if case .step = span { true } else { false } }

  /// Since the beginning.
  var elapsed: Duration {
    switch span {
    case .step(let started): max(clock.wall() - started, .zero)
    case .invocation(let begun, _): clock.now() - begun
    }
  }

  /// Whether the work may go on at a moment.
  /// - Parameter then: since the beginning.
  func isTime(for then: Duration) -> Bool {
    switch span {
    case .step: then < limit
    case .invocation(let begun, let latest): !latest.hasCome(at: begun + then)
    }
  }

  /// When there is no point in a call any more: what comes last, but what is known by then is told.
  func latest(_ latest: Deadline) -> Deadline {
    switch span {
    case .step: min(latest, Deadline(clock.now() + max(limit - elapsed, Self.lastCalls)))
    case .invocation: latest
    }
  }

  /// What the calls at the very end may take.
  private static let lastCalls = Duration.seconds(30)
}
