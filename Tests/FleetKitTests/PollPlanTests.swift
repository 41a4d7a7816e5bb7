import FleetTesting
import Groundwork
import Testing

@testable import FleetKit

@Suite struct PollPlanTests {
  @Test func thePausesOfAStepInWhichNothingEnds() {
    #expect(PollPlan(.seconds(300)).waits == [15, 23, 35, 53, 60, 60, 54])
    #expect(PollPlan(.seconds(10)).waits == [10])
    // A long step's pauses are longer: a fifteenth of its time.
    #expect(PollPlan(.seconds(86_400)).waits.max() == 5760)
  }

  @Test(arguments: [1, 15, 300, 1800, 3600, 86_400, 172_800])
  func aStepIsAskedAFewTimes(seconds: Int) {
    let polls = PollPlan.polls(within: .seconds(seconds))
    #expect(polls >= PollPlan(.seconds(seconds)).waits.count)
    #expect(polls <= 40)
  }

  /// Whatever ends when, and however late the question is put: the number that the admission reckons with is kept, and
  /// the last question comes when the time is over.
  @Test func theNumberOfQuestionsIsKept() {
    var random = SeededGenerator("the number of questions is kept")
    for _ in 0..<2000 {
      let time = Int.random(in: 1...20_000, using: &random)
      let plan = PollPlan(.seconds(time))
      let share = Int.random(in: 0...10, using: &random)
      var (elapsed, last, asked) = (Duration.zero, nil as Int?, 0)
      repeat {
        let ended = Int.random(in: 0..<10, using: &random) < share
        let wait = plan.wait(after: last, asked: asked, elapsed: elapsed, hasEnded: ended)
        #expect(wait >= 1)
        elapsed += .seconds(wait) + .milliseconds(Int.random(in: 0...3000, using: &random))
        (last, asked) = (wait, asked + 1)
      } while elapsed < .seconds(time)
      #expect(asked <= PollPlan.polls(within: .seconds(time)), "\(time) s")
    }
  }

  @Test func whatHasEndedLetsThePausesBeginAnew() {
    let plan = PollPlan(.seconds(1800))
    #expect(plan.wait(after: nil, asked: 0, elapsed: .zero, hasEnded: false) == 15)
    #expect(plan.wait(after: 60, asked: 6, elapsed: .seconds(300), hasEnded: false) == 90)
    #expect(plan.wait(after: 90, asked: 7, elapsed: .seconds(400), hasEnded: false) == 120)
    #expect(plan.wait(after: 60, asked: 6, elapsed: .seconds(300), hasEnded: true) == 15)
    #expect(plan.wait(after: 60, asked: plan.most - 10, elapsed: .seconds(300), hasEnded: true) == 90)
    #expect(plan.wait(after: 60, asked: 6, elapsed: .seconds(1790), hasEnded: false) == 10)
  }
}
