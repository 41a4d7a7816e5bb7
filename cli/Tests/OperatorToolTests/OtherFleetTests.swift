import Foundation
import Groundwork
import Orchestration
import Testing

@testable import OperatorTool

/// A machine of the engine that rolls out something else than routers: other steps, and another word for its items.
@Suite struct OtherFleetTests {
  private func deployment(_ status: String) -> FakeDeployment {
    let deployment = FakeDeployment(
      [
        .told("execution started", at: 0, #""waves": ["first"]"#),
        .told("wave started", at: 0, #""wave": "first", "servers": 3"#),
        .told("step started", at: 0, #""wave": "first", "step": "disks", "servers": 3"#),
        .answered(
          #"{"function": "disks", "success_count": 2, "fail_count": 1, "failed": ["db"], "summary": "db: full", "results": {"db": {"status": "Failed", "stderr": "full"}}}"#,
          at: 5),
        .told(
          "step failed", at: 5,
          #""wave": "first", "step": "disks", "success_count": 2, "fail_count": 1, "failed": ["db"]"#),
        .told("wave failed", at: 6, #""wave": "first", "reason": "disks: 1 of 3 failed""#),
      ], end: 10, status: status)
    deployment.state.withLock {
      $0.more =
        #", "error": "Rollout.FAILED", "cause": "{\"status\": \"FAILED\", \"start_at\": \"first.disks\", \"waves\": [{\"name\": \"first\", \"status\": \"FAILED\", \"reason\": \"disks: 1 of 3 failed\", \"steps\": [{\"step\": \"disks\", \"success_count\": 2, \"fail_count\": 1}]}]}""#
    }
    return deployment
  }

  @Test func followed() async throws {
    let deployment = deployment("FAILED")
    #expect(try await deployment.tool().follow("arn:x:9f3a21bc-1") == .unwell)
    #expect(
      deployment.printed == """
        0 s  first disks began (3)
        5 s  first disks 2/3 done after 5 s, 1 failed: db
        6 s  wave first FAILED: disks: 1 of 3 failed
        sdwan  us-east-1   last run 9f3a21bc FAILED, 0 s ago
        WAVE   STATUS  STEP       WHY
        first  FAILED  disks 2/3  disks: 1 of 3 failed
        9f3a21bc FAILED.  Go on with first.disks: sdwan resume

        """)
  }

  /// A command that is typed as it is printed reaches this deployment, and no other.
  @Test func whatToDoNextNamesTheDeployment() async throws {
    let tool = try deployment("FAILED").tool(["--name", "disks"])
    #expect(tool.global.verbs("approve first") == "sdwan approve first --name disks")
    let recovery = tool.global.of("recovery").verbs
    #expect(recovery("approve first") == "sdwan recovery approve first --name disks")
    #expect(recovery.shared("show") == "sdwan show --name disks")
    #expect(Verbs(of: "recovery", usually: "recovery")("watch") == "sdwan recovery watch")
    #expect(Verbs(of: "recovery", usually: "recovery").shared("show") == "sdwan show --name recovery")
    let failed = deployment("FAILED")
    #expect(try await failed.tool(["--name", "disks"]).follow("arn:x:9f3a21bc-1") == .unwell)
    #expect(failed.printed.hasSuffix("Go on with first.disks: sdwan resume --name disks\n"))
  }

  /// No network and no phase is asked for.
  @Test func itsStatus() async throws {
    let deployment = deployment("FAILED")
    deployment.clock.advance(.seconds(60))
    let tool = try deployment.tool()
    #expect(try await Status.parse([]).perform(tool) == .unwell)
    #expect(deployment.printed.hasSuffix("9f3a21bc FAILED.  Go on with first.disks: sdwan resume\n"))
    #expect(try await Show.parse([]).perform(tool) == .unwell)
  }
}
