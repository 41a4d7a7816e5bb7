import Foundation
import Groundwork
import Orchestration
import SDWAN
import Testing

@testable import OperatorTool

@Suite struct ReportTests {
  private func result(_ text: String) throws -> RouterResult {
    try #require(JSONText.read(RouterResult.self, Array(text.utf8)))
  }

  private func end(_ health: String, loss: Int?, bgp: String = "ok") throws -> RouterResult {
    let ping = loss.map { #""numbers": {"ping": {"169.254.100.1": {"loss": \#($0), "rtt_ms": 2.5}}},"# } ?? ""
    return try result(
      """
      {"status": "Failed", "details": {\(ping) "checks": [
        {"area": "ipsec", "name": "tunnel to nv-sdwan", "health": "\(health)"},
        {"area": "bgp", "name": "neighbor 169.254.100.1", "health": "\(bgp)"}]}}
      """)
  }

  private func tunnel(_ results: [String: RouterResult], others: Bool = false) throws -> NetworkPicture.Tunnel
  {
    let picture = NetworkPicture(try .standard(), seen: results, healthyOthers: others)
    return try #require(picture.tunnels.first { $0.near == "nv-sdwan" })
  }

  @Test func whatATunnelIs() throws {
    typealias State = NetworkPicture.State
    let seen: [(RouterResult, State)] = [
      (try end("ok", loss: 0), .well), (try end("ok", loss: 33), .poor),
      (try end("ok", loss: 0, bgp: "fail"), .poor),
      (try end("fail", loss: 0), .ill), (try end("ok", loss: 100), .ill),
      (try end("unknown", loss: nil), .unknown),
      (try result(#"{"status": "TimedOut", "details": {}}"#), .unknown),
    ]
    for (result, state) in seen { #expect(try tunnel(["nv-branch1": result]).state == state) }
    // Nobody has looked; or a plan was all; or those that are left out are well.
    #expect(try tunnel([:]).state == nil && tunnel([:], others: true).state == .well)
    #expect(
      try tunnel(["nv-branch1": result(#"{"status": "Success", "details": {"diff": []}}"#)]).state == nil)
    // One end that is ill is enough.
    let other = try result(
      #"{"status": "Failed", "details": {"checks": [{"area": "ipsec", "name": "tunnel to nv-branch1", "health": "fail"}]}}"#
    )
    #expect(try tunnel(["nv-branch1": end("ok", loss: 0), "nv-sdwan": other]).state == .ill)
  }

  /// A hub's diagnosis may be about another tunnel than this one.
  @Test func whoseCauseItIs() throws {
    var far = try end("fail", loss: 100)
    let near = try result(
      #"{"status": "Failed", "details": {"diagnosis": {"cause": "loss", "confidence": "likely", "evidence": [], "folds": []}}}"#
    )
    #expect(try tunnel(["nv-branch1": far, "nv-sdwan": near]).cause == "loss")
    far = try result(
      #"{"status": "Failed", "details": {"checks": [{"area": "ipsec", "name": "tunnel to nv-sdwan", "health": "fail"}], "diagnosis": {"cause": "key-mismatch", "confidence": "likely", "evidence": [], "folds": []}}}"#
    )
    #expect(try tunnel(["nv-branch1": far, "nv-sdwan": near]).words == "down · key-mismatch")
  }

  @Test func aReportOfTheLocalRun() throws {
    let phase =
      #"{"phase": "phase3", "success_count": 1, "fail_count": 0, "results": {"a": {"status": "Success", "details": {"interfaces": "ok"}}}}"#
    let good = try ReportContent(
      file: Array(#"{"phase3_result": \#(phase), "x": 1}"#.utf8), named: "r.json", network: "n")
    #expect(good.status == "SUCCEEDED" && good.verdict == "1 of 1 routers healthy.")
    let waves =
      #"{"status": "FAILED", "error": "E", "cause": "c", "waves": [{"name": "canary", "phase3_result": \#(phase)}, {"name": "rest"}]}"#
    let bad = try ReportContent(file: Array(waves.utf8), named: "r.json", network: "n")
    #expect(bad.status == "FAILED" && bad.cause == "c" && bad.answers.map(\.wave) == ["canary"])
    let none = try ReportContent(
      file: Array(#"{"status": "FAILED", "error": "E", "cause": "c"}"#.utf8), named: "r.json", network: "n")
    #expect(none.verdict == "Nothing was verified: phase 3 was not reached." && none.picture == nil)
    for wrong in ["", "[]", "{}", #"{"phase3_result": 7}"#] {
      let error = #expect(throws: ToolError.self) {
        try ReportContent(file: Array(wrong.utf8), named: "r.json", network: "n")
      }
      #expect(error?.outcome == .wrongUse && error?.message.contains("r.json") == true)
    }
  }

  @Test func theFootprintOfALocalRun() throws {
    let file =
      #"{"functions": {"f": {"invocations": 2, "billed_ms": 1500, "gb_seconds": 0.375}}, "ssm_calls": {"SendCommand": 4}, "state_transitions": 9}"#
    let lines = try RunFootprint(file: Array(file.utf8), named: "f.json").lines.map {
      "\($0.what): \($0.amount)"
    }
    #expect(
      lines == [
        "f: 2 invocations, 1.5 s billed", "functions together: 0.38 GB-seconds",
        "Systems Manager: SendCommand: 4 calls",
        "state transitions: 9",
      ])
    #expect(throws: ToolError.self) { try RunFootprint(file: Array("{}".utf8), named: "f.json") }
  }

  @Test func betweenTwoPhasesThereIsAPause() {
    func stage(_ name: String, _ began: Double, _ ended: Double?) -> Stage {
      var stage = Stage(name: name, began: UnixTime(seconds: began))
      stage.ended = ended.map { UnixTime(seconds: $0) }
      return stage
    }
    let stages = [stage("phase1", 100.2, 110), stage("phase2", 170, 180), stage("phase3", 180.1, nil)]
    let chart = TimelineChart(stages, from: UnixTime(seconds: 100), now: UnixTime(seconds: 200))
    #expect(
      chart.bars.map { "\($0.name) \($0.began.seconds)–\($0.ended.map { "\($0.seconds)" } ?? "")" } == [
        "phase1 100.2–110.0", "pause 110.0–170.0", "phase2 170.0–180.0", "phase3 180.1–",
      ])
    #expect(chart.html.contains("running for 20 s") && !chart.html.contains("width:101"))
  }

  @Test(arguments: [
    ("<script>&\"'", "&lt;script&gt;&amp;&quot;&#39;"),
    ("a\u{0}b\u{1B}[31mc\u{7F}\u{9B}", "a\u{FFFD}b\u{FFFD}[31mc\u{FFFD}\u{FFFD}"),
    ("\u{202E}gpj.exe\u{2066}", "\u{FFFD}gpj.exe\u{FFFD}"), ("ü 🙂\n", "ü 🙂\n"),
  ])
  func textIsText(text: String, markup: String) { #expect(Markup.escaped(text) == markup) }

  /// A plan has seen nothing: nobody is called healthy for it, named or counted.
  @Test(arguments: [
    (#","input":"{\"mode\":\"plan\"}""#, "", 0), ("", #","diff":["+ x"]"#, 0), (#","input":"{}""#, "", 119),
    ("", "", 119),
  ])
  func aPlanIsNoVerdict(input: String, diff: String, unnamed: Int) throws {
    func answer(_ phase: String, _ details: String) throws -> RunResults.Answer {
      let text =
        #"{"phase": "\#(phase)", "success_count": 120, "fail_count": 0, "omitted_count": 119, "results": {"a": {"status": "Success", "details": {"configuration": "x"\#(details)}}}}"#
      let result = try #require(JSONText.read(PhaseResult.self, Array(text.utf8)))
      return RunResults.Answer(step: phase, time: UnixTime(seconds: 2), result: result)
    }
    let text = #"{"executionArn": "arn:x:1", "name": "1", "status": "SUCCEEDED", "startDate": 1\#(input)}"#
    let execution = try JSONDecoder().decode(Execution.self, from: Data(text.utf8))
    let answers = [try answer("phase3", ""), try answer("phase2", diff)]
    var verdicts = Verdicts()
    verdicts.take(RunResults(RunResults(execution, RunFacts()), answers))
    #expect(verdicts.known.isEmpty == (unnamed == 0) && verdicts.unnamed == unnamed)
  }
}
