import Foundation
import Testing

@testable import OperatorTool

/// `sdwan recovery`: what it starts, and how a drill ends.
@Suite struct RecoveryTests {
  private func parsed(_ arguments: String...) throws -> any OperatorCommand {
    try #require(try Sdwan.parseAsRoot(arguments) as? any OperatorCommand)
  }

  @Test func theNameIsTheSystemsOwn() throws {
    for verb in ["drill", "start", "watch", "approve", "reject", "resume", "stop", "terminate", "history"] {
      #expect(try parsed("recovery", verb).global.name == "recovery", "\(verb)")
      #expect(try parsed("recovery", verb, "--name", "west").global.name == "west", "\(verb)")
    }
    #expect(try parsed("watch").global.name == "sdwan")
    // Somebody may have called it so.
    #expect(try parsed("recovery", "watch", "--name", "sdwan").global.name == "sdwan")
  }

  /// What is to be typed next is of this system, wherever it stands.
  @Test func hintsAreTheSystemsOwn() async throws {
    let waiting: [FakeDeployment.Moment] = [
      .told("execution started", at: 0, #""waves": ["one"]"#),
      .told("wave started", at: 0, #""wave": "one", "servers": 3"#),
      .told("approval wanted", at: 0, #""wave": "one", "servers": 3, "task_token": "t-1""#, waits: true),
    ]
    let failed: [FakeDeployment.Moment] = [
      .told("execution started", at: 0, #""waves": ["one"]"#),
      .told("wave started", at: 0, #""wave": "one", "servers": 3"#),
      .told("wave failed", at: 1, #""wave": "one", "reason": "recover: 1 of 3 failed""#),
    ]
    var said = ""
    for (moments, options, arguments, size) in [
      (waiting, ["--no-wait"], [], nil), (waiting, ["--no-wait"], [], (columns: 100, rows: 30)),
      (waiting, [], ["--timeout", "2"], nil), (failed, [], [], nil),
      (failed, [], ["--timeout", "2"], (100, 30)),
    ] as [([FakeDeployment.Moment], [String], [String], (columns: Int, rows: Int)?)] {
      let deployment = FakeDeployment(moments, end: 5, status: "FAILED")
      deployment.state.withLock {
        $0.more =
          #", "error": "Rollout.FAILED", "cause": "{\"status\": \"FAILED\", \"start_at\": \"one\", \"waves\": [{\"name\": \"one\", \"status\": \"FAILED\", \"reason\": \"\", \"steps\": []}]}""#
      }
      let tool = try deployment.tool(arguments + ["--name", "sdwan"], size: size, of: "recovery")
      _ = try await tool.follow("arn:x:9f3a21bc-1", try ApprovalOptions.parse(options))
      _ = try await Status.parse([]).perform(tool)
      tool.tellStarted(StartedExecution(name: "9f3a21bc-1", arn: "arn:x:9f3a21bc-1"))
      said += deployment.printed + deployment.complaints
    }
    for verb in ["approve one", "reject one", "watch 9f3a21bc", "resume"] {
      #expect(said.contains("sdwan recovery \(verb)"), "\(verb): \(said)")
    }
    #expect(said.matches(of: /sdwan (approve|reject|watch|resume|stop|up)/).isEmpty, "\(said)")
  }

  /// Each verb says its own type, and no option says another.
  @Test func drillsAndRecoveries() throws {
    let plan = try RecoveryPlan.parse(["s-1", "--force", "--from", "db", "--plan"])
    for type in ["drill", "recovery"] {
      let input = try plan.input(type)
      #expect(input["execution_type"] as? String == type && input["mode"] as? String == "plan")
      #expect(input["servers"] as? [String] == ["s-1"] && input["start_at"] as? String == "db")
    }
    #expect(throws: (any Error).self) { try Sdwan.parseAsRoot(["recovery", "drill", "--type", "recovery"]) }
    #expect(throws: ToolError.self) { try RecoveryPlan.parse(["--waves", "/nowhere"]).input("drill") }
  }

  @Test func nobodyRecoversWithoutBeingAsked() async throws {
    let deployment = FakeDeployment()
    let start = try RecoveryStart.parse([])
    await #expect(throws: ToolError.self) { _ = try await start.perform(try deployment.tool(answer: "n")) }
    #expect(deployment.state.withLock { $0.questions.first }?.hasPrefix("this is no drill") == true)
  }

  @Test func aDrillEnds() async throws {
    let deployment = FakeDeployment(end: 0, status: "SUCCEEDED")
    deployment.state.withLock {
      $0.functions[""] = [
        #"{"done": false, "wait_seconds": 15, "state": {"jobs": ["drsjob-1"]}, "summary": "2 recovery instances are being terminated"}"#,
        #"{"done": true, "success_count": 1, "fail_count": 1, "failed": ["s-2"], "summary": "1 of 2 recovery instances terminated"}"#,
      ]
    }
    let terminate = try RecoveryTerminate.parse(["--yes"])
    #expect(try await terminate.perform(try deployment.tool(["--output", "json"])) == .unwell)
    #expect(deployment.clock.sleeps == [.seconds(15)])
    let printed = try #require(
      try JSONSerialization.jsonObject(with: Data(deployment.printed.utf8)) as? [String: Any])
    let file = URL(filePath: #filePath).appending(path: "../../../../docs/schema/recovery-terminate.json")
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file.standardized)) as? [String: Any])
    #expect(Set(printed.keys) == Set(schema["required"] as? [String] ?? []))
    #expect(printed["terminated"] as? Int == 1 && printed["failed"] as? [String] == ["s-2"])
  }

  @Test func notWhileItRuns() async throws {
    let terminate = try RecoveryTerminate.parse(["--yes"])
    await #expect(throws: ToolError.self) { _ = try await terminate.perform(try FakeDeployment().tool()) }
  }
}
