import Groundwork

/// What a step of a rollout is asked for.
public struct StepRequest: Sendable {
  /// The event; the function's own fields are read with ``FleetEvent/part(_:)``.
  public let event: FleetEvent
  /// Those that the step is about, distinct, in the event's order.
  public let items: [String]
  /// The execution's ARN.
  public let execution: String
  /// The wave's name; empty outside of a wave.
  public let wave: String
  /// The step's name; empty where nobody says.
  public let step: String
  /// When the step began.
  public let started: UnixTime
  /// Since then.
  public let elapsed: Duration
  /// How long the step may take.
  public let timeout: Duration
  /// How many items may be at work at once; nil for all.
  public let maxConcurrency: Int?
  /// Whether an earlier attempt may have started what this one is about to start.
  public let mayHaveBegun: Bool

  /// Whether the step's time is over: what has not ended now never will.
  public var isOver: Bool { elapsed >= timeout }

  /// - Throws: ``Failure`` (`Event.Invalid`) where the event names no execution or no items, or an item twice.
  init(
    _ event: FleetEvent, _ vocabulary: Vocabulary, started: UnixTime, now: UnixTime, mayHaveBegun: Bool
  ) throws(Failure) {
    guard let run = event.run else {
      throw .event("the event's field execution is missing; a step belongs to an execution, which has an ARN")
    }
    guard let items = event.names else {
      throw .event(
        "the event's field \(vocabulary.names) is missing; a step is told which \(vocabulary.items) it is about"
      )
    }
    guard Set(items).count == items.count else {
      throw .event("the event's field \(vocabulary.names) names one of the \(vocabulary.items) twice")
    }
    self.event = event
    self.items = items
    (execution, wave, step) = (run.execution, run.wave, run.step)
    self.started = started
    elapsed = max(now - started, .zero)
    timeout = event.timeout
    maxConcurrency = event.maxConcurrency
    self.mayHaveBegun = mayHaveBegun
  }
}
