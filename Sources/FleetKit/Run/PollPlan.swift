import Groundwork

/// When a step's function is asked again: soon at first, then less and less often, so that a step asks few times whatever
/// its time is. A state machine's history holds no more than 25,000 events, and each question takes nine.
///
/// The pauses grow while nothing ends. When something has ended more may follow soon, so they begin anew as long as the
/// number of questions that the step's time allows is kept.
public struct PollPlan: Sendable, Equatable {
  /// The first pause, in seconds.
  static let first = 15
  /// The longest pause of a short step, in seconds.
  private static let usualLongest = 60
  /// Longest pauses that a long step's time holds.
  private static let longestOfTime = 15
  /// Questions beyond those of pauses that only grow: what beginning anew may cost.
  private static let spare = 8

  /// The step's own time, in seconds.
  private let time: Int

  /// - Parameter timeout: a step's own time, in whole seconds.
  public init(_ timeout: Duration) { time = max(timeout.inWholeSeconds, 1) }

  /// How often a step is asked at most: `check`s, `start` not counted.
  /// - Parameter timeout: the step's own time.
  public static func polls(within timeout: Duration) -> Int { PollPlan(timeout).most }

  /// The pauses of a step in which nothing ends, in seconds; the question after the last one is its end.
  public var waits: [Int] { waits(in: time, from: Self.first) }

  /// How often the step is asked at most.
  var most: Int { waits.count + Self.spare }

  /// The pause before the next question, in seconds; at least 1.
  /// - Parameters:
  ///   - last: the pause before this one; nil before the first question.
  ///   - asked: questions so far.
  ///   - elapsed: since the step's start.
  ///   - hasEnded: whether this question found a command that has ended.
  func wait(after last: Int?, asked: Int, elapsed: Duration, hasEnded: Bool) -> Int {
    let left = time - max(Int(elapsed.components.seconds), 0)
    guard left > 0 else { return 1 }
    let mayBeginAnew = hasEnded && asked + waits(in: left, from: Self.first).count <= most
    guard let last, !mayBeginAnew else { return min(Self.first, left) }
    return min(grown(last), left)
  }

  /// The pause before the next question where the step's function would rather wait another time than the plan does:
  /// it gets its wish as long as the number of questions that the step's time allows is kept.
  /// - Parameters:
  ///   - wish: in seconds; nil for the plan's own pause.
  ///   - last: the pause before this one; nil before the first question.
  ///   - asked: questions so far.
  ///   - elapsed: since the step's start.
  func wait(wishing wish: Int?, after last: Int?, asked: Int, elapsed: Duration) -> Int {
    let left = time - max(Int(elapsed.components.seconds), 0)
    guard left > 0 else { return 1 }
    if let wish, wish > 0, asked + waits(in: left, from: wish).count <= most { return min(wish, left) }
    return min(last.map(grown) ?? Self.first, left)
  }

  private func grown(_ wait: Int) -> Int {
    min(max((wait * 3 + 1) / 2, Self.first), max(Self.usualLongest, time / Self.longestOfTime))
  }

  private func waits(in time: Int, from first: Int) -> [Int] {
    var waits: [Int] = []
    var (left, wait) = (time, first)
    while left > 0 {
      waits.append(min(wait, left))
      left -= wait
      wait = grown(wait)
    }
    return waits
  }
}
