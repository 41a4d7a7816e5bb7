import Foundation
import Groundwork
import Orchestration
import Testing

@testable import OperatorTool

@Suite struct RunFactsTests {
  private typealias Moment = FakeDeployment.Moment

  private static let counts = #""instances": 2"#

  /// A rollout of two waves; the second waits, and is left so.
  private static let waiting: [Moment] = [
    .entered("Admit", at: 0), .answered(#"{"waves": []}"#, at: 0), .exited("Admit", at: 0),
    .told("execution started", at: 1, #""waves": ["canary", "others"]"#),
    .told("wave started", at: 1, #""wave": "canary", "steps": ["phase2", "phase3"], "instances": 2"#),
    .told("step started", at: 1, #""wave": "canary", "step": "phase2", "instances": 2"#),
    .entered("Work", at: 1),
    .answered(
      #"{"phase": "phase2", "done": false, "wait_seconds": 15, "progress": {"waiting_count": 0, "running_count": 2, "success_count": 0, "fail_count": 0, "pending": ["a", "b"]}, "state": {}}"#,
      at: 2),
    .answered(
      #"{"phase": "phase2", "done": true, "success_count": 1, "fail_count": 1, "failed": ["b"], "summary": "b: no", "results": {"a": {"status": "Success"}, "b": {"status": "Failed", "stderr": "no"}}}"#,
      at: 20),
    .told(
      "step failed", at: 21,
      #""wave": "canary", "step": "phase2", "success_count": 1, "fail_count": 1, "failed": ["b"], "summary": "b: no""#
    ),
    .told("step started", at: 22, #""wave": "canary", "step": "phase3", "instances": 1"#),
    .answered(
      #"{"phase": "phase3", "done": true, "success_count": 1, "fail_count": 0, "failed": [], "summary": "1 of 1", "results": {"a": {"status": "Success"}}}"#,
      at: 30),
    .told(
      "step completed", at: 31,
      #""wave": "canary", "step": "phase3", "success_count": 1, "fail_count": 0, "failed": []"#),
    .told("wave completed", at: 31, #""wave": "canary", "reason": """#),
    .told("approval wanted", at: 32, #""wave": "others", "instances": 2, "task_token": "t1""#, waits: true),
    .init(at: 32, type: "TaskStarted"), .init(at: 32, type: "TaskSubmitted"),
  ]

  private static let phases: [Moment] = [
    .entered("Phase1", at: 0), .init(at: 0, type: "TaskScheduled", details: #"{"resource": "invoke"}"#),
    .init(at: 5, type: "TaskFailed", details: #"{"error": "Lambda.TooManyRequestsException"}"#),
    .init(at: 6, type: "TaskScheduled", details: #"{"resource": "invoke"}"#),
    .answered(#"{"phase": "phase1", "success_count": 2, "fail_count": 0, "results": {}}"#, at: 30),
    .exited("Phase1", at: 30), .entered("Phase1Wait", at: 30, kind: "Wait"),
    .init(at: 31, type: "WaitStateExited", details: #"{"name": "Phase1Wait"}"#),
    .entered("Phase2", at: 31),
  ]

  private func run(_ moments: [Moment], isRollout: Bool = true) async throws -> RunResults {
    let deployment = FakeDeployment(isRollout: isRollout, moments)
    deployment.clock.advance(.seconds(1000))
    let tool = try deployment.tool()
    return try await RunResults(try await tool.described("arn:x"), tool)
  }

  @Test func aRolloutThatWaits() async throws {
    let run = try await run(Self.waiting)
    let facts = run.facts
    #expect(facts.isRollout && facts.hasBegun)
    #expect(facts.waves.map { "\($0.name) \($0.status)" } == ["canary COMPLETED", "others WAITING"])
    #expect(facts.stages.map(\.point) == ["canary.phase2", "canary.phase3"])
    #expect(facts.stages[0].failedNames == ["b"] && facts.stages[0].items == 2)
    #expect(facts.approval?.wave == "others" && facts.approval?.token == "t1" && facts.approval?.items == 2)
    #expect(run.answers.map { "\($0.wave ?? "") \($0.step)" } == ["canary phase3", "canary phase2"])
    // What never came to phase 3 has its verdict from the phase that it failed in.
    var verdicts = Verdicts()
    verdicts.take(run)
    #expect(
      verdicts.health.map { "\($0.router) \($0.phase) \($0.isHealthy)" } == [
        "b phase2 false", "a phase3 true",
      ])
    #expect(verdicts.health[0].trouble == "no")
  }

  @Test func whatIsAtWork() async throws {
    let facts = try await run(Array(Self.waiting.prefix(8))).facts
    #expect(facts.current?.progress?.pending == ["a", "b"] && facts.current?.progress?.running == 2)
    #expect(facts.current?.title == "canary phase2")
  }

  /// Any word that comes after it has answered an approval.
  @Test(arguments: ["TaskSucceeded", "TaskFailed", "TaskTimedOut"])
  func anAnswer(type: String) async throws {
    #expect(try await run(Self.waiting + [.init(at: 40, type: type)]).facts.approval == nil)
  }

  @Test func thePhasesOneAfterAnother() async throws {
    let facts = try await run(Self.phases, isRollout: false).facts
    #expect(!facts.isRollout && facts.hasBegun && facts.waves.isEmpty)
    #expect(facts.stages.map(\.name) == ["phase1", "phase2"] && facts.current?.name == "phase2")
    #expect(facts.stages[0].succeeded == 2 && facts.stages[0].trouble == nil && facts.pausedSince == nil)
    #expect(facts.transitions == 4, "three states and a task that was tried again")
    let resting = try await run(Array(Self.phases.prefix(7)), isRollout: false).facts
    #expect(resting.pausedSince != nil && resting.current == nil)
  }

  // MARK: Going on

  private func position(
    _ moments: [Moment], status: String, isRollout: Bool = true, more: String = ""
  ) async throws -> RunPosition {
    let deployment = FakeDeployment(isRollout: isRollout, moments, end: 0, status: status)
    deployment.state.withLock { $0.more = more }
    deployment.clock.advance(.seconds(1000))
    let tool = try deployment.tool()
    return try RunPosition(try await RunResults(try await tool.described("arn:x"), tool), tool.global)
  }

  @Test func whereItGoesOn() async throws {
    let stopped = try await position(Self.waiting, status: "ABORTED")
    #expect(stopped.startAt == "others" && stopped.rest == "from others on")
    // In the middle of a step.
    let middle = try await position(Array(Self.waiting.prefix(8)), status: "TIMED_OUT")
    #expect(middle.startAt == "canary.phase2" && middle.rest == "from canary.phase2 on, then others")
    // It was being undone.
    let undone = try await position(
      Array(Self.waiting.prefix(10)) + [
        .told("step started", at: 22, #""wave": "canary", "step": "rollback""#)
      ],
      status: "ABORTED")
    #expect(undone.startAt == "canary")
    // What it says itself counts.
    let words = #"{\"status\": \"FAILED\", \"start_at\": \"others.phase3\", \"waves\": []}"#
    let said = try await position(
      Self.waiting, status: "FAILED", more: #", "error": "Rollout.FAILED", "cause": "\#(words)""#)
    #expect(said.startAt == "others.phase3")
    // Whatever stands beside it.
    let cause = #"{\"status\": \"CANCELLED\", \"start_at\": \"others.phase1\", \"waves\": []}"#
    let beside = try await position(
      Self.waiting, status: "FAILED", more: #", "output": "null", "cause": "\#(cause)""#)
    #expect(beside.startAt == "others.phase1")
  }

  @Test func whereThePhasesGoOn() async throws {
    let second = try await position(Self.phases, status: "FAILED", isRollout: false)
    #expect(second.startAt == "phase2" && second.rest == "from phase2 on")
    let between = try await position(Array(Self.phases.prefix(7)), status: "ABORTED", isRollout: false)
    #expect(between.startAt == "phase2")
    let first = try await position(Array(Self.phases.prefix(2)), status: "ABORTED", isRollout: false)
    #expect(first.startAt == nil && first.rest == "from the beginning")
    for isRollout in [true, false] {
      let nothing = try await position([], status: "ABORTED", isRollout: isRollout)
      #expect(nothing.startAt == nil && nothing.rest == "from the beginning")
    }
  }

  @Test(arguments: [
    ("SUCCEEDED", "9f3a21bc has succeeded: there is nothing to go on with"),
    ("FAILED", "9f3a21bc was refused before it began (no reason is known); sdwan up starts anew"),
  ])
  func nothingToGoOnWith(status: String, words: String) async throws {
    let error = await #expect(throws: ToolError.self) { try await self.position([], status: status) }
    #expect(error?.message == words && error?.outcome == .wrongUse)
  }
}
