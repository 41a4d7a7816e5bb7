import Orchestration

/// What an execution's history holds for a report: when it did what, and the newest answer of each phase of each wave.
struct RunRecord: Sendable {
  private(set) var timeline = Timeline()
  private(set) var answers: [(wave: String?, result: PhaseResult)] = []

  /// The next event, in the order in which they happened.
  mutating func take(_ event: HistoryEvent) {
    timeline.take(event)
    guard let result = RunResults.answer(in: event)?.result else { return }
    // A phase that was tried again counts with its last try.
    answers.removeAll { $0.wave == timeline.wave && $0.result.phase == result.phase }
    answers.append((timeline.wave, result))
  }
}
