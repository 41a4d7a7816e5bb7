import Groundwork
import SSMKit

/// What the kit hands on from one action of a step to the next, around the function's own state.
struct RolloutState<State: StepState>: Codable, Sendable {
  /// When the step began, in seconds since 1970.
  let started: Double
  /// Questions after the start.
  var asked = 0
  /// Seconds to wait before the next one.
  var wait = PollPlan.first
  /// Tells the items' names from others.
  let items: String
  /// The function's own; nil as long as nobody knows whether the step has begun.
  var own: State?
  /// What stood in the way the last time, in words.
  var trouble: String?

  private static var digits: Int { 12 }
  /// What the clocks of two functions may differ by.
  private static var skew: Duration { .seconds(300) }

  init(started: UnixTime, of items: [String]) {
    self.started = started.seconds
    self.items = Self.digest(items)
  }

  private static func digest(_ items: [String]) -> String {
    CommandMark.digest(of: items, digits: digits)
  }

  /// What an event says of an earlier action is believed only where it is about the same.
  /// - Throws: ``Failure`` (`Event.Invalid`).
  func require(_ names: [String], _ vocabulary: Vocabulary, now: UnixTime) throws(Failure) {
    guard items == Self.digest(names) else {
      throw .event(
        "the event's field state is about other \(vocabulary.items) than the event; check wants what start gave"
      )
    }
    let isPast = started >= 0 && UnixTime(seconds: started) <= now + Self.skew
    guard isPast, (0...1_000_000).contains(asked), (1...FleetSettings.longestTimeout).contains(wait) else {
      throw .event("the event's field state is no state of a step; check wants what start gave")
    }
  }
}
