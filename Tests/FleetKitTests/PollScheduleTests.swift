import Groundwork
import Testing

@testable import FleetKit

@Suite struct PollScheduleTests {
  private func pauses(_ count: Int, longest: Double, random: Double = 0) -> [Double] {
    var schedule = PollSchedule(longest: .seconds(longest), random: { random })
    return (0..<count).map { _ in schedule.next().inSeconds }
  }

  @Test func theFirstPauseIsASecond() {
    #expect(pauses(4, longest: 15) == [1, 1.5, 2.25, 3.375])
    #expect(pauses(9, longest: 15).suffix(2) == [15, 15])
  }

  @Test func aShortIntervalBeginsQuicklyToo() {
    for (pause, wanted) in zip(pauses(6, longest: 0.5), [0.125, 0.1875, 0.28125, 0.421875, 0.5, 0.5]) {
      #expect(abs(pause - wanted) < 1e-9)
    }
  }

  @Test func jitterTakesAFifthOffAtMost() {
    let full = pauses(9, longest: 15)
    let least = pauses(9, longest: 15, random: 1)
    for (short, long) in zip(least, full) { #expect(abs(short - long * 0.8) < 1e-9) }
  }
}
