import Groundwork

/// One action of a step: asks the function, and is patient.
struct RolloutStep<Function: RolloutFunction>: Sendable {
  let function: Function
  let event: FleetEvent
  let clock: Clock
  let latest: Deadline
  let log: @Sendable (LogLevel, String) -> Void

  typealias Results = [String: TargetResult<Function.Details>]

  /// What became of it: the state to go on with, and the items that have ended; all of them where the step is done.
  struct Outcome {
    var state: RolloutState<Function.State>
    var items: [String]
    var ended: Results

    var isDone: Bool { ended.count == items.count }
  }

  /// - Parameter earlier: nil for a `start`.
  /// - Throws: ``Failure`` (`Event.Invalid`) where the event does not say enough, or its state belongs to something else.
  func outcome(after earlier: RolloutState<Function.State>?) async throws(Failure) -> Outcome {
    let now = clock.wall()
    try earlier?.require(event.names ?? [], Function.vocabulary, now: now)
    let step = try StepRequest(
      event, Function.vocabulary, started: earlier.map { UnixTime(seconds: $0.started) } ?? now, now: now,
      mayHaveBegun: earlier != nil || event.run?.mayBeSent ?? true)
    var state = earlier ?? RolloutState(started: now, of: step.items)
    if earlier != nil { state.asked += 1 }
    let before = state.wait
    var ended: Results = [:]
    var wish: Duration?
    do throws(StepTrouble) {
      let found = try await asked(step, state.own)
      state.own = found.state
      state.trouble = nil
      wish = found.wait
      let known = Set(step.items)
      ended = found.ended.filter { known.contains($0.key) }
    } catch {
      switch error {
      case .unknown(let reason):
        log(.warn, "\(Function.name): \(reason); it is asked again")
        state.trouble = reason.oneLine(limit: Progress.longestRefusal)
      case .refused(let reason):
        ended = Self.all(step.items, failed: reason)
      }
    }
    if step.isOver {
      let trouble = state.trouble.map { "; the last look failed: \($0)" } ?? ""
      let reason = function.overdue(step) + trouble
      ended.merge(Self.all(step.items, failed: reason)) { known, _ in known }
    }
    state.wait = PollPlan(step.timeout).wait(
      wishing: wish.map { $0.inWholeSeconds }, after: earlier == nil ? nil : before, asked: state.asked,
      elapsed: step.elapsed)
    return Outcome(state: state, items: step.items, ended: ended)
  }

  private func asked(
    _ step: StepRequest, _ state: Function.State?
  ) async throws(StepTrouble) -> StepOutcome<Function> {
    if let state { return try await function.check(step, state, latest: latest) }
    // A step that nobody knows to have begun begins now, unless its time is over.
    guard !step.isOver else { throw .unknown("the step has not begun") }
    return try await function.start(step, latest: latest)
  }

  private static func all(_ items: [String], failed reason: String) -> Results {
    Dictionary(items.map { ($0, .failed(reason)) }) { first, _ in first }
  }
}

extension FleetReport {
  /// Does an action of a step, and answers.
  func answer<Function: RolloutFunction>(
    by step: RolloutStep<Function>
  ) async throws(Failure) -> [UInt8] {
    var earlier: RolloutState<Function.State>?
    if event.action == .check {
      earlier = try event.part(EarlierState<RolloutState<Function.State>>.self).state
      guard earlier != nil else {
        throw .event("the event's field state is missing; check wants what start gave")
      }
    }
    let outcome = try await step.outcome(after: earlier)
    guard outcome.isDone else {
      let pending = outcome.items.filter { outcome.ended[$0] == nil }
      let succeeded = outcome.ended.values.count { $0.status == .success }
      return ResultSize.json(
        StepAnswer(
          title, wait: outcome.state.wait,
          Counts(
            pending: pending, running: outcome.state.own == nil ? 0 : pending.count, succeeded: succeeded,
            failed: outcome.ended.count - succeeded), outcome.state), event.vocabulary)
    }
    for (name, result) in outcome.ended.sorted(by: { $0.key < $1.key }) { log(name, result) }
    return await answer(outcome.ended, remark: "", measured: [], refs: outcome.state.own?.refs ?? [])
  }
}
