/// The pauses between polls of one command: quick at first, then longer, never twice the same.
struct PollSchedule {
  private static let first = Duration.seconds(1)
  /// The longest pause is at least so many first ones, so that a short interval begins quickly, too.
  private static let longestOfFirst: Double = 4
  private static let growth: Double = 1.5

  private let longest: Duration
  private let random: @Sendable () -> Double
  private var pause: Duration

  /// - Parameters:
  ///   - longest: the longest pause.
  ///   - random: a number from 0 up to 1.
  init(longest: Duration, random: @escaping @Sendable () -> Double) {
    self.longest = longest
    self.random = random
    pause = min(Self.first, longest / Self.longestOfFirst)
  }

  /// The next pause; jitter takes up to a fifth off, so that a fleet's polls spread.
  mutating func next() -> Duration {
    defer { pause = min(pause * Self.growth, longest) }
    return pause * (1 - random() / 5)
  }
}
