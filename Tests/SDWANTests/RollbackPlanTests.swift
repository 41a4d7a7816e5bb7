import FleetTesting
import Foundation
import Testing

@testable import SDWAN

/// What a rollback would change is told before it is done.
@Suite struct RollbackPlanTests {
  private let event = #"{"mode": "plan", "rollback": true, "instances": ["nv-sdwan"]}"#

  private func run(_ answer: FakeHosts.Answer) async throws -> (result: ReadResult, scripts: [String]) {
    let hosts = try FakeHosts.standard { _, _ in answer }
    let result = try await hosts.run(.phase2, event: event)
    return (result, hosts.scripts["nv-sdwan"] ?? [])
  }

  /// What `print_answers` makes of a host's answers.
  private func printed(_ answers: [(name: String, status: Int, text: String)]) -> String {
    answers.map { "=====[ \($0.name) ]=====\n\($0.text)\n=====[ end \($0.name) \($0.status) ]=====\n" }
      .joined()
  }

  @Test func tellsTheDifference() async throws {
    let output = printed([
      ("container", 0, "sdwan: plan: the router is running\n"),
      (
        "plan", 0,
        "plan - interfaces vti vti0\nplan ~ vpn ipsec site-to-site peer 203.0.113.2 secret ******\n"
      ),
      ("plan-lines", 0, "2\n"),
    ])
    let (result, scripts) = try await run(FakeHosts.Answer(stdout: output))
    #expect(scripts.count == 1)
    #expect(result.failed.isEmpty, "\(result.summary)")
    #expect(
      result.details("nv-sdwan")["diff"] as? [String] == [
        "- interfaces vti vti0", "~ vpn ipsec site-to-site peer 203.0.113.2 secret ******",
      ])
    // What would be sent.
    #expect(result.text("nv-sdwan", "stdout").contains("rollback_script"))
  }

  /// It sets nothing, reads no secret, and holds no commit.
  @Test func changesNothing() async throws {
    let (_, scripts) = try await run(FakeHosts.Answer())
    let lines = try #require(scripts.first).split(separator: "\n")
    #expect(!lines.contains { $0.hasPrefix("must_set ") || $0.hasPrefix("secretly_set ") })
    #expect(lines.contains("readonly WANTED_KEYS=''"))
    #expect(!lines.contains { !$0.hasPrefix("#") && $0.contains("my_commit") })
  }

  @Test func nothingToGoBackTo() async throws {
    let output = printed([
      ("container", 0, "sdwan: plan: the router is running\n"), ("plan", 7, ""), ("plan-lines", 0, "0\n"),
    ])
    let (result, _) = try await run(FakeHosts.Answer(stdout: output))
    #expect(result.failed == ["nv-sdwan"])
    let (absent, _) = try await run(
      FakeHosts.Answer(stdout: printed([("container", 0, "sdwan: plan: the router is absent\n")])))
    #expect(absent.failed == ["nv-sdwan"])
    #expect(absent.text("nv-sdwan", "stderr").contains("nothing to go back to"))
  }
}
