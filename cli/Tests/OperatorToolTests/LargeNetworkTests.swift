import FleetTesting
import Foundation
import Groundwork
import Orchestration
import Testing

@testable import OperatorTool

/// A thousand routers are as readable as four.
@Suite struct LargeNetworkTests {
  private func page(failed: Int, of all: Int, isVerbose: Bool = false) throws -> StatusPage {
    let results = (0..<all).map { number in
      #""r\#(number)": {"status": "\#(number < failed ? "Failed" : "Success")", "details": {}}"#
    }
    let result = try #require(
      JSONText.read(
        PhaseResult.self,
        Array(
          #"{"phase": "phase3", "success_count": \#(all - failed), "fail_count": \#(failed), "results": {\#(results.joined(separator: ","))}}"#
            .utf8)))
    return try StatusPage(
      nil, [result],
      at: .init(network: "sdwan", region: "us-east-1", now: VirtualClock.start, isVerbose: isVerbose),
      on: Screen(columns: 80))
  }

  @Test func onlyTheFailedAreNamed() throws {
    let page = try page(failed: 2, of: 1000)
    #expect(page.lines.count == 4 && page.lines[1].hasPrefix("r0 ") && page.lines[2].hasPrefix("r1 "))
    #expect(page.lines[3] == "… 998 are healthy, -v shows them")
    #expect(page.verdict == "998 of 1000 routers healthy.  Why: sdwan why r0")
    let many = try self.page(failed: 300, of: 1000)
    #expect(
      many.lines.count == 52 && many.lines.last == "… 250 more have failed, 700 are healthy, -v shows them")
    #expect(try self.page(failed: 2, of: 1000, isVerbose: true).lines.count == 1001)
  }

  /// The live view of a thousand has no more lines than that of four.
  @Test func theLiveView() throws {
    var facts = RunFacts()
    let names = (0..<20).map { "router-with-a-long-name-\($0)" }
    let pending = names.map { "\"\($0)\"" }.joined(separator: ",")
    let waves = (0..<100).map { "\"wave\($0)\"" }.joined(separator: ",")
    let deployment = FakeDeployment([
      .told("execution started", at: 0, "\"waves\": [\(waves)]"),
      .told("wave started", at: 0, #""wave": "wave0""#),
      .told("step started", at: 0, #""wave": "wave0", "step": "phase1", "instances": 1000"#),
      .answered(
        #"{"done": false, "progress": {"waiting_count": 800, "running_count": 190, "success_count": 7, "fail_count": 3, "pending": [\#(pending)]}}"#,
        at: 1),
    ])
    deployment.clock.advance(.seconds(5))
    _ = try deployment.tool()
    for moment in deployment.state.withLock({ $0.moments }).enumerated() {
      let event = try JSONDecoder().decode(
        HistoryEvent.self, from: Data(moment.element.json(moment.offset).utf8))
      _ = facts.take(event)
    }
    let execution = try JSONDecoder().decode(
      Execution.self,
      from: Data(#"{"executionArn": "a:9f3a21bc-1", "status": "RUNNING", "startDate": 1000}"#.utf8))
    let frame = RunFrame(
      execution: execution, facts: facts,
      place: .init(network: "sdwan", region: "us-east-1", now: UnixTime(seconds: 1065)),
      screen: Screen(columns: 80))
    #expect(frame.lines.count <= 8 && frame.lines.allSatisfy { $0.count <= 80 })
    #expect(frame.lines[1] == "waves     wave0 at work, 99 to come")
    #expect(frame.lines[2].hasPrefix("phase1    3 failed, 190 running, 800 waiting, 7 done"))
    #expect(frame.lines[3].hasPrefix("waits for router-with-a-long-name-0"))
  }

  /// Above a hundred routers an answer names the failed ones; the whole result lies elsewhere.
  @Test(arguments: [true, false])
  func whatLiesElsewhere(isReadable: Bool) async throws {
    let answer =
      #"{"phase": "phase3", "done": true, "success_count": 2, "fail_count": 1, "failed": ["r0"], "results": {"r0": {"status": "Failed"}}, "omitted_count": 2, "results_uri": "s3://bucket/results/x.json"}"#
    let deployment = FakeDeployment(
      [
        .told("execution started", at: 0, #""waves": ["all"]"#),
        .told("step started", at: 0, #""wave": "all", "step": "phase3""#), .answered(answer, at: 1),
        .told("step failed", at: 1, #""wave": "all", "step": "phase3", "success_count": 2, "fail_count": 1"#),
      ], end: 2, status: "FAILED")
    if isReadable {
      deployment.state.withLock {
        $0.objects["results/x.json"] =
          #"{"phase": "phase3", "success_count": 2, "fail_count": 1, "results": {"r0": {"status": "Failed"}, "r1": {"status": "Success"}, "r2": {"status": "Success"}}}"#
      }
    }
    deployment.clock.advance(.seconds(5))
    let tool = try deployment.tool()
    let run = try await tool.whole(RunResults(try await tool.described("arn:x"), tool))
    var verdicts = Verdicts()
    verdicts.take(run)
    #expect(verdicts.health.map(\.router) == (isReadable ? ["r0", "r1", "r2"] : ["r0"]))
    #expect(verdicts.unnamed == (isReadable ? 0 : 2), "what can't be read stays a count")
    let page = try StatusPage(run, verdicts, unverified: 0, at: tool.place, on: tool.screen)
    #expect(page.verdict == "2 of 3 routers healthy.  Why: sdwan why r0")
  }
}
