import Foundation
import SSMKit
import FleetTesting
import Testing

@testable import FleetKit
@testable import SDWAN

/// A phase's result stays small whatever the hosts print.
@Suite struct ResultSizeTests {
  private static let log = LogReference(group: "/aws/lambda/sdwan-phase1", stream: "2026/01/31/[$LATEST]x")

  private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  private func result(
    _ count: Int, _ random: inout SeededGenerator, _ phase: Phase = .phase1,
    status: (Int) -> CommandResult.Status = { $0 % 2 == 0 ? .success : .failed }
  ) -> FleetResult<VerificationDetails> {
    let hostile = ShorteningTests.hostile(&random, length: 24_000).unicodeScalars
    let stdout = "OUT " + String(String.UnicodeScalarView(hostile.prefix(23_990))) + " TUO"
    let stderr = "ERR " + String(String.UnicodeScalarView(hostile.suffix(7990))) + " RRE"
    var results: [String: TargetResult<VerificationDetails>] = [:]
    for number in 0..<count {
      let command = CommandResult(
        status(number), commandID: UUID().uuidString, instanceID: "i-0123456789abcdef0", stdout: stdout,
        stderr: stderr)
      results[String(repeating: "r", count: 58) + "-\(1000 + number)"] = TargetResult(command)
    }
    return FleetResult(.phase(phase), results, remark: "", .network)
  }

  @Test(arguments: [1, 4, 100])
  func hostileOutputs(count: Int) throws {
    var random = SeededGenerator("result of \(count)")
    let bytes = ResultSize.encode(result(count, &random), log: Self.log)
    #expect(bytes.count < 64 * 1024)
    let object = try object(bytes)
    let results = try #require(object["results"] as? [String: [String: Any]])
    #expect(results.count == count)
    #expect(object["success_count"] as? Int == (count + 1) / 2)
    #expect(object["fail_count"] as? Int == count / 2)
    for result in results.values {
      let (stdout, stderr) = (result["stdout"] as? String ?? "", result["stderr"] as? String ?? "")
      #expect(stdout.hasPrefix("OUT") && stdout.hasSuffix("TUO"))
      #expect(stdout.contains("cut here"))
      #expect(stderr.hasPrefix("ERR") && stderr.hasSuffix("RRE"))
    }
    // What room there is gets used.
    #expect(bytes.count > ResultSize.limit * 3 / 4)
  }

  @Test func aboveAHundredRouters() throws {
    var random = SeededGenerator("result of 250")
    for failures in [3, 250] {
      let whole = result(250, &random) { $0 < failures ? .failed : .success }
      let bytes = ResultSize.encode(whole, log: Self.log)
      #expect(bytes.count < 64 * 1024)
      let object = try object(bytes)
      let results = try #require(object["results"] as? [String: [String: Any]])
      let kept = min(failures, 100)
      #expect(results.count == kept)
      #expect(results.values.allSatisfy { $0["status"] as? String == "Failed" })
      #expect(object["success_count"] as? Int == 250 - failures)
      #expect(object["fail_count"] as? Int == failures)
      #expect(object["omitted_count"] as? Int == 250 - kept)
      #expect((object["failed"] as? [String])?.count == kept)
      let log = object["log"] as? [String: String]
      #expect(log == ["log_group": Self.log.group, "log_stream": Self.log.stream])
    }
  }

  /// Up to 100 routers with many tunnels each: details alone are long.
  @Test(arguments: [(6, 94, true), (6, 94, false), (20, 80, false)])
  func manyTunnels(hubs: Int, branches: Int, isHealthy: Bool) throws {
    let topology = try Self.mesh(hubs: hubs, branches: branches)
    #expect(topology.routers.count == hubs + branches)
    var results: [String: TargetResult<VerificationDetails>] = [:]
    for router in topology.routers {
      let peers = topology.links(of: router).map {
        Peer(link: $0, eip: $0.peer.loopback, privateIP: $0.peer.loopback)
      }
      let expected = SDWAN.Expectation(
        router: router, privateIP: router.loopback, peers: peers, version: .v1_3)
      let verdict =
        isHealthy
        ? expected.verdict(on: try RouterOutput.healthy(expected).text)
        : expected.verdict(on: "")
      #expect(verdict.isHealthy == isHealthy, "\(verdict.reasons.prefix(3))")
      let command = CommandResult(
        isHealthy ? .success : .failed, commandID: UUID().uuidString, instanceID: "i-0123456789abcdef0",
        stdout: String(repeating: "o", count: 20_000), stderr: String(repeating: "e", count: 8000))
      results[router.name] = TargetResult(
        command, details: VerificationDetails(verdict, checkedAt: "2026-01-31T12:00:00Z"))
    }
    let diagnosed = Diagnosed.results(results, topology)
    let bytes = ResultSize.encode(
      FleetResult(.phase(.phase3), diagnosed, remark: "", .network), log: Self.log)
    #expect(bytes.count < 64 * 1024)
    let kept = try #require(try object(bytes)["results"] as? [String: [String: Any]])
    for router in kept.values {
      let details = try #require(router["details"] as? [String: Any])
      let cause = (details["diagnosis"] as? [String: Any])?["cause"] as? String
      #expect(cause == (isHealthy ? nil : "unreadable"))
    }
  }

  /// A hundred long diagnoses: of each the cause and a line of evidence stay at least.
  @Test(arguments: [4, 100])
  func longDiagnoses(count: Int) throws {
    var random = SeededGenerator("long diagnoses")
    var result = result(count, &random, .phase3) { _ in .failed }
    let names = result.results.keys.sorted()
    for (number, name) in names.enumerated() {
      let lines = (0..<9).map { "\($0) " + ShorteningTests.hostile(&random, length: 2000) }
      let long = (0..<12).map { other in
        Diagnosis(
          Cause.allCases[(number + other) % Cause.allCases.count], .possible, at: names[other % count],
          evidence: lines, folds: (0..<600).map { "full-size ping 169.254.100.\($0)" })
      }
      result.results[name]?.details.diagnosis = long[0]
      result.results[name]?.details.furtherDiagnoses = Array(long.dropFirst())
      result.results[name]?.details.reasons = lines
    }
    let bytes = ResultSize.encode(result, log: Self.log)
    #expect(bytes.count < 64 * 1024)
    let kept = try #require(try object(bytes)["results"] as? [String: [String: Any]])
    for (number, name) in names.enumerated() {
      let details = try #require(kept[name]?["details"] as? [String: Any])
      let diagnosis = try #require(details["diagnosis"] as? [String: Any])
      #expect(diagnosis["cause"] as? String == Cause.allCases[number % Cause.allCases.count].rawValue)
      #expect((diagnosis["evidence"] as? [String])?.first?.hasPrefix("0 ") == true)
    }
  }

  /// Every hub with a tunnel to every branch.
  private static func mesh(hubs: Int, branches: Int) throws -> Topology {
    var routers: [Router] = []
    var tunnels: [Tunnel] = []
    for number in 0..<hubs + branches {
      routers.append(
        Router(
          name: number < hubs ? "nv-sdwan\(number)" : "nv-branch\(number - hubs)", region: .virginia,
          role: number < hubs ? .sdwan : .branch, loopback: IPv4Address(bits: 0x0AFF_0000 + UInt32(number))))
    }
    for hub in 0..<hubs {
      for branch in 0..<branches {
        let base = 0xA9FE_0000 + UInt32(tunnels.count * 4)
        let ends = [(routers[hub], branch, 1), (routers[hubs + branch], hub, 2)].map { router, vti, host in
          Tunnel.End(
            router: router.name, vti: "vti\(vti)",
            address: IPv4Interface(address: IPv4Address(bits: base + UInt32(host)), prefixLength: 30))
        }
        tunnels.append(Tunnel(name: "t\(tunnels.count)", ends[0], ends[1]))
      }
    }
    return try Topology(routers: routers, tunnels: tunnels)
  }

  @Test func summary() throws {
    var random = SeededGenerator("summary")
    for count in [1, 4, 100] {
      let some = result(count, &random)
      #expect(some.summary.utf8.count <= 2000)
      #expect(some.failed == some.failed.sorted() && some.failed.count == count / 2)
      #expect(some.summary.hasPrefix("\((count + 1) / 2) of \(count) routers succeeded"))
      let all = result(count, &random) { _ in .success }
      #expect(all.summary == "\(count) of \(count) routers succeeded")
      // A diagnosis stands first, and the number is never cut off.
      var diagnosed = some.results
      let name = some.failed.last ?? ""
      diagnosed[name]?.details.diagnosis = Diagnosis(.keyMismatch, .certain, evidence: ["x"], folds: [])
      let told = FleetResult(.phase(.phase3), diagnosed, remark: "", .network).summary
      #expect(some.failed.isEmpty || told.hasPrefix("\(name): key-mismatch: "))
      #expect(told.utf8.count <= 2000 && told.contains("\((count + 1) / 2) of \(count) routers succeeded"))
    }
  }
}

/// Whatever is answered fits into what carries it, with the longest names there are.
@Suite struct AnswerBudgetTests {
  /// 256 KiB is what Step Functions takes.
  private static let most = 250_000

  private static func name(_ number: Int) -> String {
    String(repeating: "r", count: 58) + "-\(1000 + number)"
  }

  /// - Parameter inSteps: whether it is the last step's answer, or that of one invocation.
  private func check<Details: TargetDetails>(
    _ count: Int, inSteps: Bool, _ result: (Int) -> TargetResult<Details>
  ) throws {
    var results: [String: TargetResult<Details>] = [:]
    for number in 0..<count { results[Self.name(number)] = result(number) }
    var whole = FleetResult(.phase(.phase3), results, remark: "; noted", .network)
    if inSteps {
      whole.isDone = true
      whole.resultsURI = "s3://bucket/" + String(repeating: "k", count: 1000)
    }
    let bytes = ResultSize.encode(
      whole, log: LogReference(group: "/aws/lambda/sdwan-phase3", stream: "2026/01/31/[$LATEST]x"))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let (succeeded, failed) = (object["success_count"] as? Int ?? 0, object["fail_count"] as? Int ?? 0)
    #expect(succeeded + failed == count && failed == whole.failed.count)
    let names = object["failed"] as? [String] ?? []
    if inSteps {
      #expect(bytes.count <= Self.most, "\(count): \(bytes.count)")
      #expect(names == whole.failed, "whoever goes on has to know all of them")
    } else {
      #expect(bytes.count < 64 * 1024, "\(count): \(bytes.count)")
      #expect(names == Array(whole.failed.prefix(100)))
    }
    #expect((object["summary"] as? String)?.isEmpty == false)
    // Of up to a hundred something is said of each.
    if count <= 100 { #expect((object["results"] as? [String: Any])?.count == count) }
  }

  @Test(arguments: [4, 100, 1000, 3700], [true, false]) func refused(count: Int, inSteps: Bool) throws {
    let reason = String(repeating: "the command was not sent: \"AccessDenied\" ", count: 20)
    try check(count, inSteps: inSteps) { _ in TargetResult<NoDetails>.failed(reason) }
  }

  /// 4,000 of the longest names are more than any answer, and any event, may take; of these all are named.
  @Test(arguments: [true, false]) func fourThousand(inSteps: Bool) throws {
    try check(4000, inSteps: inSteps) { number in
      number % 2 == 0 ? .failed("no") : TargetResult<NoDetails>(CommandResult(.success, stdout: "well"))
    }
  }

  @Test(arguments: [4, 100, 1000], [true, false]) func plans(count: Int, inSteps: Bool) throws {
    let lines = (0..<600).map {
      "+ vpn ipsec site-to-site peer 203.0.113.\($0) \"é\n\" " + String(repeating: "x", count: 500)
    }
    try check(count, inSteps: inSteps) { number in
      var details = PlanDetails()
      (details.diff, details.foreign) = (lines, lines)
      let script = String(repeating: "set -e\n", count: 6000)
      let end = CommandResult(
        number % 3 == 0 ? .failed : .success, instanceID: "i-0", stdout: script, stderr: script)
      return TargetResult(end, details: details)
    }
  }

  @Test(arguments: [4, 100, 1000], [true, false]) func diagnoses(count: Int, inSteps: Bool) throws {
    var random = SeededGenerator("diagnoses of \(count)")
    let lines = (0..<9).map { "\($0) " + ShorteningTests.hostile(&random, length: 2000) }
    let all = Cause.allCases.map {
      Diagnosis(
        $0, .possible, at: Self.name(1), evidence: lines,
        folds: (0..<200).map { "full-size ping 169.254.100.\($0)" })
    }
    try check(count, inSteps: inSteps) { number in
      var details = VerificationDetails()
      details.reasons = lines
      details.notes = lines
      details.ping = Dictionary(uniqueKeysWithValues: (0..<400).map { ("169.254.\($0).1", .fail) })
      details.diagnosis = all[number % all.count]
      details.furtherDiagnoses = Array(all.prefix(VerificationDetails.mostDiagnoses))
      return TargetResult(CommandResult(.failed, stdout: lines[0], stderr: lines[1]), details: details)
    }
  }

  /// The rest of a plan is counted, however often it was cut.
  @Test func aPlanThatIsCut() {
    var details = PlanDetails()
    details.diff = (0..<600).map { "+ line \($0)" }
    PlanDetails.shortenings[0](&details)
    #expect(details.diff?.count == 21 && details.diff?.last == "… 580 more")
    PlanDetails.shortenings[1](&details)
    #expect(details.diff?.count == 6 && details.diff?.last == "… 595 more")
    PlanDetails.shortenings[2](&details)
    #expect(details.diff == ["… 600 more"])
  }
}
