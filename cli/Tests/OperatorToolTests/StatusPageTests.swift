import Foundation
import Groundwork
import Orchestration
import Testing

@testable import OperatorTool

@Suite struct StatusPageTests {
  private static let result = """
    {"phase": "phase3", "success_count": 2, "fail_count": 2, "failed": ["fra-branch1", "fra-sdwan"], "summary": "…",
     "results": {
       "fra-branch1": {"status": "Failed", "stderr": "", "details": {"interfaces": "ok",
         "checks": [{"area": "ipsec", "name": "tunnel to fra-sdwan", "health": "fail", "seen": ""},
                    {"area": "ipsec", "name": "configuration", "health": "ok", "seen": ""},
                    {"area": "bgp", "name": "neighbor 169.254.100.13", "health": "fail", "seen": ""}],
         "numbers": {"ping": {"169.254.100.13": {"loss": 100}, "10.255.10.1": {"loss": 0}}},
         "diagnosis": {"cause": "key-mismatch", "confidence": "certain", "evidence": ["AUTH_FAILED"], "folds": [], "hint": "…"}}},
       "fra-sdwan": {"status": "Failed", "details": {"interfaces": "ok",
         "checks": [{"area": "ipsec", "name": "tunnel to fra-branch1", "health": "fail", "seen": ""}],
         "diagnosis": {"cause": "key-mismatch", "at": "fra-branch1", "confidence": "certain", "evidence": [], "folds": []}}},
       "nv-branch1": {"status": "Success", "details": {"interfaces": "ok",
         "checks": [{"area": "ipsec", "name": "tunnel to nv-sdwan", "health": "ok", "seen": ""},
                    {"area": "bgp", "name": "neighbor 169.254.100.1", "health": "ok", "seen": ""}],
         "numbers": {"ping": {"169.254.100.1": {"loss": 0}}}}},
       "nv-sdwan": {"status": "Success", "details": {"interfaces": "ok",
         "checks": [{"area": "ipsec", "name": "tunnel to nv-branch1", "health": "ok", "seen": ""}]}}}}
    """

  private func execution() throws -> Execution {
    try JSONDecoder().decode(
      Execution.self,
      from: Data(
        #"{"executionArn": "arn:x:9f3a21bc-1", "name": "9f3a21bc-1", "status": "FAILED", "startDate": 1000, "stopDate": 1100}"#
          .utf8))
  }

  private func page(
    columns: Int = 80, colors: Bool = false, only routers: [String] = []
  ) throws -> StatusPage {
    let result = try #require(JSONText.read(PhaseResult.self, Array(Self.result.utf8)))
    return try StatusPage(
      try execution(), [result],
      at: .init(network: "sdwan", region: "us-east-1", now: UnixTime(seconds: 1460)),
      on: Screen(columns: columns, isColored: colors), only: routers)
  }

  /// Each tunnel counts once: in a rollout by waves a hub has told of the first wave's only.
  @Test(arguments: [("ok", "2 of 2"), ("fail", "1 of 2")])
  func tunnelsOfWhichOneEndTells(health: String, counted: String) throws {
    func router(_ peer: String, _ health: String) -> String {
      #"{"status": "\#(health == "ok" ? "Success" : "Failed")", "details": {"checks": [{"area": "ipsec", "#
        + #""name": "tunnel to \#(peer)", "health": "\#(health)", "seen": ""}]}}"#
    }
    let json = """
      {"phase": "phase3", "success_count": 3, "fail_count": 0, "failed": [], "summary": "",
       "results": {"hub": \(router("a", "ok")), "a": \(router("hub", "ok")), "b": \(router("hub", health))}}
      """
    let result = try #require(JSONText.read(PhaseResult.self, Array(json.utf8)))
    let page = try StatusPage(
      try execution(), [result],
      at: .init(network: "sdwan", region: "us-east-1", now: UnixTime(seconds: 1460)), on: Screen(columns: 80))
    #expect(page.verdict.contains("\(counted) tunnels up"), "\(page.verdict)")
  }

  @Test func theFailedFirstAndTheVerdictLast() throws {
    let page = try page()
    #expect(
      (page.lines + [page.verdict]).joined(separator: "\n") == """
        sdwan  us-east-1   last run 9f3a21bc FAILED, 6 min ago
        ROUTER       TUNNELS  BGP  IFACE   LOSS  CHECKED  STATE
        fra-branch1      0/1  0/1  ok     100 %        -  FAILED  key-mismatch
        fra-sdwan        0/1    -  ok         -        -  failed  because of fra-branch1
        nv-branch1       1/1  1/1  ok       0 %        -  ok
        nv-sdwan         1/1    -  ok         -        -  ok
        2 of 4 routers healthy, 1 of 2 tunnels up.  Why: sdwan why fra-branch1
        """)
  }

  @Test(arguments: [20, 40, 60, 200])
  func noLineIsWiderThanTheScreen(columns: Int) throws {
    let screen = Screen(columns: columns)
    for line in try page(columns: columns).lines { #expect(screen.fitted(line).count <= columns) }
  }

  /// Whoever sees no colours misses nothing.
  @Test func coloursAddNothing() throws {
    let colored = try page(colors: true).lines.joined(separator: "\n")
    let plain = colored.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    let uncolored = try page().lines.joined(separator: "\n")
    #expect(colored != plain && plain == uncolored)
  }

  @Test func someRouters() throws {
    let page = try page(only: ["nv-sdwan"])
    #expect(page.verdict == "1 of 1 routers healthy.")
    let error = #expect(throws: ToolError.self) { try self.page(only: ["nv-sdwam"]) }
    #expect(error?.message == "there is no verdict on a router nv-sdwam; did you mean nv-sdwan?")
    #expect(error?.outcome.status == 2)
  }
}
