import Foundation
import Testing

@testable import OperatorTool

/// `sdwan upgrade`: what it starts, and what it asks before.
@Suite struct UpgradeTests {
  private func parsed(_ arguments: String...) throws -> any OperatorCommand {
    try #require(try Sdwan.parseAsRoot(arguments) as? any OperatorCommand)
  }

  @Test func theNameIsTheSystemsOwn() throws {
    for verb in ["watch", "approve", "reject", "resume", "stop", "history"] {
      #expect(try parsed("upgrade", verb).global.name == "upgrade", "\(verb)")
    }
    for verb in ["plan", "start", "rollback"] {
      #expect(try parsed("upgrade", verb, "1.33").global.name == "upgrade", "\(verb)")
      #expect(try parsed("upgrade", verb, "1.33", "--name", "west").global.name == "west", "\(verb)")
    }
  }

  @Test func everyWish() throws {
    let wishes = try UpgradeWishes.parse([
      "1.33", "dev", "prod", "--from", "production.execution", "--strategy", "blue-green", "--bake", "60",
      "--node-groups", "2", "--force", "--force-nodes", "--decommission",
    ])
    let input = try wishes.input()
    #expect(input["target"] as? String == "1.33" && input["clusters"] as? [String] == ["dev", "prod"])
    #expect(
      input["start_at"] as? String == "production.execution" && input["strategy"] as? String == "blue-green")
    #expect(input["bake_seconds"] as? Int == 60 && input["node_groups_at_once"] as? Int == 2)
    for flag in ["force", "force_nodes", "decommission"] { #expect(input[flag] as? Bool == true, "\(flag)") }
    // What nobody has said is left to the functions.
    #expect(try UpgradeWishes.parse(["1.33"]).input().keys.sorted() == ["target"])
    #expect(throws: ToolError.self) { try UpgradeWishes.parse(["1.33", "--waves", "/nowhere"]).input() }
    #expect(throws: (any Error).self) { try UpgradeWishes.parse([]) }
  }

  @Test func nobodyUpgradesWithoutBeingAsked() async throws {
    let deployment = FakeDeployment()
    let start = try UpgradeStart.parse(["1.33", "dev"])
    await #expect(throws: ToolError.self) { _ = try await start.perform(try deployment.tool(answer: "n")) }
    #expect(
      deployment.state.withLock { $0.questions } == ["upgrade dev of sdwan in us-east-1 to 1.33? [y/N] "])
    let error = await #expect(throws: ToolError.self) { _ = try await start.perform(try deployment.tool()) }
    #expect(error?.message.contains("--yes") == true && error?.outcome == .wrongUse)
    #expect(deployment.state.withLock { $0.started }.isEmpty)
  }

  /// A plan asks nobody, says that it is one, and shows what reasoning has decided of each cluster.
  @Test func aPlan() async throws {
    let payload =
      #"{"function": "reasoning", "done": true, "success_count": 1, "fail_count": 1, "failed": ["b"], "results": {"a": {"status": "Success", "details": {"plan": ["control plane: 1.32 to 1.33"], "notes": ["n"], "advice": "mind"}}, "b": {"status": "Failed", "details": {"reasons": ["no way"]}}, "c": {"status": "Failed", "stderr": "timed out"}}}"#
    let deployment = FakeDeployment(
      [.answered(#"{"function": "perception", "results": {}}"#, at: 1), .answered(payload, at: 2)], end: 3,
      status: "FAILED")
    let plan = try UpgradePlanCommand.parse(["1.33"])
    #expect(try await plan.perform(try deployment.tool(["--columns", "200"])) == .unwell)
    #expect(try started(deployment) == #"{"mode":"plan","target":"1.33"}"#)
    #expect(deployment.state.withLock { $0.questions }.isEmpty)
    #expect(
      deployment.printed.hasSuffix(
        """
        a
          control plane: 1.32 to 1.33
          note: n
          advice: mind
        b: not possible
          no way
        c: not possible
          timed out

        """))
  }

  /// As docs/schema/upgrade-plan.json has it.
  @Test func aPlanAsJSON() async throws {
    let payload =
      #"{"function": "reasoning", "results": {"a": {"status": "Success", "details": {"plan": ["p"], "advice": "x"}}}}"#
    let deployment = FakeDeployment([.answered(payload, at: 2)], end: 3, status: "SUCCEEDED")
    _ = try await UpgradePlanCommand.parse(["1.33"]).perform(try deployment.tool(["--output", "json"]))
    let line = try #require(deployment.printed.split(separator: "\n").last)
    #expect(line == #"{"advice":"x","cluster":"a","notes":[],"plan":["p"],"reasons":[],"schema":1}"#)
    let printed = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let file = URL(filePath: #filePath).appending(path: "../../../../docs/schema/upgrade-plan.json")
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file.standardized)) as? [String: Any])
    let known = try #require(schema["properties"] as? [String: Any])
    #expect(Set(printed.keys) == Set(known.keys))
    #expect(Set(known.keys).subtracting(["advice"]) == Set(schema["required"] as? [String] ?? []))
  }

  /// Only clusters that somebody has named, whoever has upgraded them.
  @Test func aRollback() async throws {
    let deployment = FakeDeployment()
    await #expect(throws: ToolError.self) {
      _ = try await UpgradeRollback.parse(["1.33", "--yes"]).perform(try deployment.tool())
    }
    #expect(deployment.state.withLock { $0.started }.isEmpty)
    let rollback = try UpgradeRollback.parse(["1.33", "prod", "--yes", "--detach"])
    #expect(try await rollback.perform(try deployment.tool()) == .asWanted)
    #expect(
      try started(deployment)
        == #"{"any_upgrade":true,"clusters":["prod"],"steps":["rollback"],"target":"1.33"}"#)
  }

  /// The one execution's input, its members in order.
  private func started(_ deployment: FakeDeployment) throws -> String {
    let inputs = deployment.state.withLock { $0.started }
    #expect(inputs.count == 1)
    let object = try JSONSerialization.jsonObject(with: Data((inputs.first ?? "").utf8))
    return String(
      decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
  }
}
