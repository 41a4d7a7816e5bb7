import Groundwork

/// What a rollout takes of Step Functions' limits: 256 KiB for what a state is given, gives and keeps, and 25,000 events of an
/// execution's history (its documentation, "Quotas").
struct RolloutSize {
  /// Bytes of a message or an answer, with room for what the machine adds.
  static let mostBytes = 250_000
  /// Events of the history that the engine uses, and what waves, steps and polls take of them.
  static let mostEvents = 22_500
  private static let eventsOf = (wave: 40, step: 30, poll: 9)
  /// Bytes of a step's state for each of its items.
  static let stateOfItem = 20
  /// What the machine adds to a step's message beside items and state.
  private static let frame = 4_096

  let waves: [AdmittedWave]
  let steps: [AdmissionMessage.Step]
  /// Bytes of the execution's event.
  let event: Int
  let wishes: AdmissionMessage.Wishes
  /// Only these items are worked on; nil for all.
  let chosen: Set<String>?
  let isPlan: Bool

  /// - Throws: ``Failure`` (`Input.Invalid`) with the arithmetic.
  func require() throws(Failure) {
    try requireShortMessages()
    try requireFewEvents()
  }

  private func requireShortMessages() throws(Failure) {
    var reached = 0
    for wave in waves {
      let all = Self.bytes(of: wave.items)
      reached += all
      let own = wave.items.filter { chosen?.contains($0) ?? true }
      let parts = [
        ("the event", event + Self.frame), ("the wave's \(own.count) items", Self.bytes(of: own)),
        ("their state", own.count * Self.stateOfItem),
        ("those reached so far", steps.contains { $0.reached == true } ? reached : 0),
      ]
      let size = parts.reduce(0) { $0 + $1.1 }
      guard size > Self.mostBytes else { continue }
      let sum = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " + ")
      throw .input(
        "wave \(wave.name): a step's message has \(size) bytes (\(sum)); \(Self.mostBytes) are possible: use smaller waves, shorter names, or a part of the fleet"
      )
    }
  }

  /// Every step may take its time, and each poll of it takes events.
  private func requireFewEvents() throws(Failure) {
    let steps = waves.flatMap { $0.steps.filter(isWanted) }
    let polls = steps.reduce(0) { $0 + PollPlan.polls(within: .seconds(timeout(of: $1))) }
    let parts = [
      (waves.count, "waves", Self.eventsOf.wave), (steps.count, "steps", Self.eventsOf.step),
      (polls, "polls, which their timeouts allow,", Self.eventsOf.poll),
    ]
    let events = parts.reduce(0) { $0 + $1.0 * $1.2 }
    guard events > Self.mostEvents else { return }
    let sum = parts.map { "\($0.0) \($0.1) of \($0.2)" }.joined(separator: " + ")
    throw .input(
      "an execution's history has room for \(Self.mostEvents) events, and the rollout may take \(events) (\(sum)): use fewer waves or shorter timeouts, or roll out in several executions"
    )
  }

  private func isWanted(_ step: AdmittedWave.Step) -> Bool {
    (!isPlan || step.event == nil) && wishes.steps?.contains(step.name) ?? true
  }

  private func timeout(of step: AdmittedWave.Step) -> Int {
    step.timeout ?? steps.first { $0.name == step.name }?.timeout ?? WaveCommand.standardTimeout
  }

  private static func bytes(of names: [String]) -> Int {
    names.reduce(2) { $0 + JSONSize.of($1) + 3 }
  }
}
