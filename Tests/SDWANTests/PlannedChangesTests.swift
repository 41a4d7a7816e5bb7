import Groundwork
import SSMKit
import Testing

@testable import FleetKit
@testable import SDWAN

/// What a plan says that would change.
@Suite struct PlannedChangesTests {
  private static let wanted = [
    ConfigurationLine("interfaces loopback lo address", "10.255.0.1/32").owning(),
    ConfigurationLine.secret("vpn ipsec authentication psk hub secret", .common),
  ]
  private static let empty = [
    "+ interfaces loopback lo address 10.255.0.1/32", "+ vpn ipsec authentication psk hub secret ******",
  ]

  private func host(_ found: String) -> String { "sdwan: plan: the router is \(found)\n" }

  @Test func whatPhase1WouldDo() throws {
    func plan(_ found: String) throws -> PlannedChanges {
      try PlannedChanges(phase1: "noise\n" + host(found), wanted: Self.wanted)
    }
    let made = ["+ container router"] + Self.empty
    #expect(try plan("absent").lines == made)
    #expect(try plan("unwanted").lines == ["- container router"] + made)
    #expect(try plan("stopped").lines == ["~ container router is started"])
    #expect(try plan("running").lines == [])
    let containers = try ["absent", "unwanted", "stopped", "running"].map { try plan($0).container }
    #expect(containers == [.new, .anew, .started, .kept])
  }

  private func phase2(_ told: String, status: Int = 0, found: String = "running") throws -> PlannedChanges {
    let answers = [
      ("container", 0, host(found)), ("plan", status, told), ("plan.stderr", 0, "sdwan: refused: set x"),
      ("plan-lines", 0, String(told.filledLines.count { $0.hasPrefix("plan ") })),
    ]
    let text = answers.map {
      "=====[ \($0) ]=====\n\($2)\n=====[ end \($0) \($1) ]=====\n"
    }.joined()
    return try PlannedChanges(phase2: [text], wanted: Self.wanted)
  }

  @Test func whatTheRouterTellsIsThePlan() throws {
    let plan = try phase2(
      "sdwan: this release does without: x\nplan - interfaces vti vti9\nplan + interfaces vti vti0 mtu 1422\r\n"
        + "plan ~ vpn ipsec authentication psk hub secret ******\nplan = interfaces vti vti7\n")
    #expect(
      plan.lines == [
        "- interfaces vti vti9", "+ interfaces vti vti0 mtu 1422",
        "~ vpn ipsec authentication psk hub secret ******",
      ])
    #expect(plan.foreign == ["interfaces vti vti7"])
    #expect(try phase2("").lines == [])
  }

  /// A new hub's lines come by several commands, which have to be about the same plan.
  @Test func aPlanInSlices() throws {
    func slice(_ lines: Range<Int>, of all: Int) -> String {
      let told = lines.map { "plan + x \($0)\n" }.joined()
      return [("container", host("running")), ("plan", told), ("plan-lines", "\(all)\n")].map {
        "=====[ \($0) ]=====\n\($1)\n=====[ end \($0) 0 ]=====\n"
      }.joined()
    }
    let whole = try PlannedChanges(
      phase2: [slice(0..<2, of: 5), slice(2..<4, of: 5), slice(4..<5, of: 5)], wanted: [])
    #expect(whole.lines == (0..<5).map { "+ x \($0)" })
    for slices in [[slice(0..<2, of: 5)], [slice(0..<2, of: 4), slice(2..<4, of: 5)]] {
      #expect(throws: Unreadable.self) { try PlannedChanges(phase2: slices, wanted: []) }
    }
  }

  @Test func aRouterThatIsNotThereIsGivenEverything() throws {
    #expect(try phase2("", found: "absent").lines == Self.empty)
    #expect(PlannedChanges(empty: Self.wanted).lines == Self.empty)
  }

  /// Otherwise nothing would seem to change.
  @Test func whatIsNotKnownIsNoPlan() {
    let refused = #expect(throws: Unreadable.self) { try phase2("", status: 3) }
    #expect(refused?.sentence.contains("sdwan: refused: set x") == true)
    #expect(throws: Unreadable.self) { try phase2("", found: "stopped") }
    #expect(throws: Unreadable.self) { try PlannedChanges(phase2: [host("running")], wanted: []) }
    for output in ["", "sdwan: plan: the router is somewhere\n", "plan + x"] {
      #expect(throws: Unreadable.self) { try PlannedChanges(phase1: output, wanted: []) }
      #expect(throws: Unreadable.self) { try PlannedChanges(phase2: [output], wanted: []) }
    }
  }

  @Test func theSummarySaysWhatWouldHappen() throws {
    func result(_ changes: PlannedChanges) -> TargetResult<PlanDetails> {
      TargetResult(CommandResult(.success, stdout: "script"), details: PlanDetails(changes))
    }
    let anew = try PlannedChanges(phase1: host("unwanted"), wanted: Self.wanted)
    let changed = try phase2("plan + a b\nplan + a c\nplan - d e\nplan ~ f secret ******\n")
    let results = ["a": result(changed), "b": result(anew), "c": result(try phase2(""))]
    let summary = FleetResult(.phase(.phase2), results, remark: PlanSummary(results).text, .network).summary
    #expect(
      summary
        == "3 of 3 routers succeeded; plan: 2 of 3 would change; a: 2 set, 1 deleted, 1 secrets changed; "
        + "b: made anew, with all that is configured in it"
    )
    #expect(PlanSummary([:]).text.isEmpty)
  }

  /// Of two plans in one execution the second knows what the first would leave.
  @Test func phase1sPlanIsRead() throws {
    func planned(_ event: String) throws -> [String: PlannedChanges.Container] {
      EarlierPlan.routers(in: try ReadEvent(Array(event.utf8)).event)
    }
    let results =
      #""phase1_result": {"results": {"a": {"details": {"container": "anew"}}, "b": {"details": {"container": "?"}}, "c": {}, "d": 7}}"#
    #expect(try planned(#"{"mode": "plan", \#(results)}"#) == ["a": .anew])
    for other in ["7", "null", "[]", "{}", #"{"results": []}"#, #"{"results": {"a": null}}"#] {
      #expect(try planned(#"{"mode": "plan", "phase1_result": \#(other)}"#) == [:])
    }
  }
}
