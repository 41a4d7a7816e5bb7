/// The pauses between polls of one command: quick at first, then longer, never twice the same.
struct PollSchedule {
  private static let first: Double = 1
  /// The longest pause is at least so many first ones, so that a short interval begins quickly, too.
  private static let longestOfFirst: Double = 4
  private static let growth: Double = 1.5

  private let longest: Double
  private let random: @Sendable () -> Double
  private var pause: Double

  /// - Parameters:
  ///   - longest: the longest pause in seconds (`SSM_POLL_INTERVAL`).
  ///   - random: a number from 0 up to 1.
  init(longest: Double, random: @escaping @Sendable () -> Double) {
    self.longest = longest
    self.random = random
    pause = min(Self.first, longest / Self.longestOfFirst)
  }

  /// The next pause in seconds; jitter takes up to a fifth off, so that a fleet's polls spread.
  mutating func next() -> Double {
    defer { pause = min(pause * Self.growth, longest) }
    return pause * (1 - random() / 5)
  }
}
