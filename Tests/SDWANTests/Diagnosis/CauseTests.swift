import FleetKit
import Foundation
import Groundwork
import Testing

@testable import SDWAN

/// The causes as others know them.
@Suite struct CauseTests {
  /// A word in small letters, which stands in results for ever.
  @Test func names() {
    for cause in Cause.allCases {
      #expect(cause.rawValue.wholeMatch(of: #/[a-z]+(-[a-z]+)*/#) != nil)
      #expect(!cause.hint.isEmpty && JSONSize.of(cause.hint) <= 160 && !cause.hint.hasSuffix("."))
    }
    #expect(Set(Cause.allCases.map(\.hint)).count == Cause.allCases.count)
  }

  /// Each is in the reference's table.
  @Test func documented() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let reference = try String(
      contentsOf: root.appendingPathComponent("docs/reference.md").standardized, encoding: .utf8)
    let rows = reference.split(separator: "\n").filter { $0.hasPrefix("| `") }
    for cause in Cause.allCases {
      #expect(rows.contains { $0.contains("`\(cause.rawValue)`") }, "\(cause.rawValue)")
    }
  }

  /// What programs on the way say is understood: a reason speaks of that, and not of a table that is missing.
  @Test(
    arguments: [
      ("Error: Instance is not running", Cause.routerDown), ("Error: Instance not found", .routerDown),
      ("Error: not found", .routerDown), ("Error: Not Found", .routerDown),
      (
        "Error: Get \"http://unix.socket/1.0\": dial unix /var/snap/lxd/common/lxd/unix.socket: connect: no such file",
        .noAnswer
      ),
      ("timeout: failed to run command 'lxc': No such file or directory", .noAnswer),
      ("bgpd is not running", .serviceDown), ("zebra is not running", .serviceDown),
      ("IPsec Process NOT Running", .serviceDown),
      ("Exiting: failed to connect to any daemons.", .serviceDown),
      ("ping: socket: Operation not permitted", .notPermitted), ("Segmentation fault", .unreadable),
    ], [0, 1, 127])
  func wordsOnTheWay(said: (words: String, cause: Cause), status: Int) throws {
    for question in ["ipsec-sa", "bgp-summary", "interfaces", "ip-route-bgp"] {
      // An empty table of routes with a warning beside it is one.
      if question == "ip-route-bgp", status == 0 { continue }
      var output = try RouterOutput.captured(.v1_4)
      output[question] = ""
      output.end(question, with: status)
      output.add("\(question).stderr", "WARNING: cgroup v2 is not fully supported yet\n\(said.words)\n")
      let verdict = try VerdictTests.expectation(.v1_4).verdict(on: output.text)
      let found = FleetDiagnosis(["nv-sdwan": verdict.checks], branches: []).diagnoses(of: "nv-sdwan")
      #expect(found.first?.cause == said.cause, "\(question): \(verdict.reasons)")
      #expect(verdict.mayComeUp && verdict.reasons.contains { $0.contains(said.words) }, "\(verdict.reasons)")
      let isUnderstood = said.cause != .unreadable
      #expect(
        isUnderstood != verdict.reasons.contains { $0.contains(#/ (printed|names) no |exit status/#) })
    }
  }

  /// Everything that can be wrong has a cause: of no output at all, and of any that is spoilt.
  @Test(arguments: VyOSVersion.allCases)
  func everyFailureHasOne(version: VyOSVersion) throws {
    let expected = try VerdictTests.expectation(version)
    let healthy = try RouterOutput.captured(version)
    var verdicts = [expected.verdictWithoutOutput("nothing came"), expected.verdict(on: "")]
    for answer in healthy.answers {
      for (text, status) in [("", 0), (answer.text, 124), ("garbage", 0), ("Error: Instance not found", 1)] {
        var output = healthy
        output[answer.name] = text
        output.end(answer.name, with: status)
        verdicts.append(expected.verdict(on: output.text))
      }
    }
    for verdict in verdicts where !verdict.isHealthy {
      #expect(verdict.checks.allSatisfy { ($0.health == .ok) == ($0.finding == nil) })
      let found = FleetDiagnosis(["nv-sdwan": verdict.checks], branches: []).diagnoses(of: "nv-sdwan")
      #expect(!found.isEmpty)
    }
  }
}
