import Foundation
import Testing

@testable import SDWAN

/// VyOS shows one of several IKE SAs of a name: what carries the traffic decides, and a note says how that was known.
@Suite struct TwoAssociationsTests {
  private static let shownDown = """
    Connection                   State    Uptime    Bytes In/Out    Packets In/Out    Remote address    Remote ID    Proposal
    ---------------------------  -------  --------  --------------  ----------------  ----------------  -----------  ----------
    peer-203.0.113.2-tunnel-vti  down     N/A       N/A             N/A               N/A               N/A          N/A

    """

  @Test func shownDownButCarrying() throws {
    var output = try RouterOutput.captured(.v1_3)
    output["ipsec-sa"] = Self.shownDown
    let verdict = try VerdictTests.expectation(.v1_3).verdict(on: output.text)
    #expect(verdict.isHealthy, "\(verdict.reasons)")
    #expect(verdict.notes.contains { $0.contains("one of several IKE SAs") })
    #expect(VerificationDetails(verdict, checkedAt: nil).notes == verdict.notes)
  }

  /// Each proof that traffic goes through the tunnel is needed.
  @Test(arguments: ["ping", "neighbor", "prefixes", "interface"])
  func shownDownAndNotCarrying(missing: String) throws {
    var output = try RouterOutput.captured(.v1_3)
    output["ipsec-sa"] = Self.shownDown
    switch missing {
    case "ping":
      output["ping-169.254.100.2"] = try Fixture.ping("169.254.100.2", isAnswered: false)
      output.end("ping-169.254.100.2", with: 1)
    case "neighbor":
      output["bgp-summary"] = try Fixture.text(.v1_3, "bgp-summary", "bgp-active-sa-up")
    case "prefixes":
      output["bgp-summary"] = output["bgp-summary"].replacingOccurrences(
        of: "           1 ", with: "           0 ")
    default:
      output.lowerVTI()
    }
    let verdict = try VerdictTests.expectation(.v1_3).verdict(on: output.text)
    #expect(!verdict.isHealthy && verdict.mayComeUp)
    #expect(verdict.reasons.first?.contains("no IPsec SA to 203.0.113.2 is up") == true, "\(verdict.reasons)")
  }

  @Test(arguments: [VyOSVersion.v1_4, .v1_5])
  func noProposalBesideAnInstalledSA(version: VyOSVersion) throws {
    var output = try RouterOutput.captured(version)
    let proposal = "AES_CBC/256/HMAC_SHA2_256_128/MODP_2048"
    output["ipsec-connections"] = output["ipsec-connections"].replacingOccurrences(of: proposal, with: "-")
    let verdict = try VerdictTests.expectation(version).verdict(on: output.text)
    #expect(verdict.isHealthy, "\(verdict.reasons)")
    #expect(verdict.notes.contains { $0.contains("no proposal of the IKE connection") })
    // Without an SA that is installed it is a tunnel on its way.
    output["ipsec-sa"] = try Fixture.text(version, "ipsec-sa", "psk-mismatch")
    let waiting = try VerdictTests.expectation(version).verdict(on: output.text)
    #expect(!waiting.isHealthy && waiting.mayComeUp)
    #expect(waiting.reasons.contains { $0.contains("still being negotiated") }, "\(waiting.reasons)")
  }

  @Test func manyDeadOnesAreNamed() throws {
    var output = try RouterOutput.captured(.v1_4)
    let up = try #require(output["ipsec-sa"].split(separator: "\n").last.map(String.init))
    let dead = String(repeating: up.replacingOccurrences(of: " up  ", with: " down") + "\n", count: 3)
    output["ipsec-sa"] += dead
    let verdict = try VerdictTests.expectation(.v1_4).verdict(on: output.text)
    #expect(verdict.isHealthy, "\(verdict.reasons)")
    #expect(verdict.notes.contains { $0.contains("3 dead SAs") }, "\(verdict.notes)")
    output["ipsec-sa"] = try Fixture.text(.v1_4, "ipsec-sa", "healthy").replacingOccurrences(
      of: " up  ", with: " down")
    let gone = try VerdictTests.expectation(.v1_4).verdict(on: output.text)
    #expect(gone.reasons.first?.contains("2 dead ones are left") == true, "\(gone.reasons)")
  }

  /// For some seconds after a rekey strongSwan keeps the old SA, and VyOS says little of it.
  @Test(
    arguments: [VyOSVersion.v1_3, .v1_4],
    [
      "down     N/A       N/A             N/A               203.0.113.2       10.20.1.10   N/A",
      "down     N/A       21K/22K         301/322           203.0.113.2       10.20.1.10   AES_CBC_256/HMAC_SHA2_256_128",
    ])
  func theOldOneIsGoing(version: VyOSVersion, row: String) throws {
    var output = try RouterOutput.captured(version)
    let name = version == .v1_3 ? "peer-203.0.113.2-tunnel-vti  " : "PEER-vti      "
    output["ipsec-sa"] += name + row + "\n"
    let expected = try VerdictTests.expectation(version)
    #expect(expected.verdict(on: output.text).isHealthy, "\(expected.verdict(on: output.text).reasons)")
    // By itself it is no SA.
    output["ipsec-sa"] = output["ipsec-sa"].replacingOccurrences(of: " up  ", with: " down")
    let gone = expected.verdict(on: output.text)
    #expect(gone.reasons.first?.contains("no IPsec SA to 203.0.113.2 is up") == true, "\(gone.reasons)")
  }

  /// Other people's connections to the same peer, before ours in the table.
  @Test func othersToTheSamePeer() throws {
    var output = try RouterOutput.captured(.v1_4)
    let expected = try VerdictTests.expectation(.v1_4)
    func table(_ head: [String], _ rows: [[String]]) -> String {
      let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
      let lines = [head, widths.map { String(repeating: "-", count: $0) }] + rows
      return lines.map { row in
        zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      }.joined(separator: "\n") + "\n"
    }
    output["ipsec-sa"] = table(
      [
        "Connection", "State", "Uptime", "Bytes In/Out", "Packets In/Out", "Remote address", "Remote ID",
        "Proposal",
      ],
      [
        ["azure-vti", "up", "1h", "1K/1K", "2/2", "203.0.113.2", "CN=a b, O=c", "AES_GCM_16_128"],
        [
          "nv-branch1-vti", "up", "", "0B/0B", "0/0", "203.0.113.2", "10.20.1.10",
          "AES_CBC_256/HMAC_SHA2_256_128",
        ],
      ])
    let ike = "AES_CBC/256/HMAC_SHA2_256_128/MODP_2048"
    output["ipsec-connections"] = table(
      [
        "Connection", "State", "Type", "Remote address", "Local TS", "Remote TS", "Local id", "Remote id",
        "Proposal",
      ],
      [
        ["azure", "up", "IKEv2", "203.0.113.2", "-", "-", "192.0.2.1", "CN=a b", ike],
        ["azure-vti", "up", "IPsec", "203.0.113.2", "-", "-", "192.0.2.1", "CN=a b", "AES_GCM_16/128/None"],
        ["nv-branch1", "up", "IKEv2", "203.0.113.2", "-", "-", "10.10.1.10", "10.20.1.10", ike],
        ["nv-branch1-vti", "up", "IPsec", "203.0.113.2", "-", "-", "10.10.1.10", "10.20.1.10", ike],
      ])
    #expect(expected.verdict(on: output.text).isHealthy, "\(expected.verdict(on: output.text).reasons)")
  }

  /// A neighbor's description is no title of another table.
  @Test func aDescriptionThatIsNoTitle() throws {
    var output = try RouterOutput.captured(.v1_4)
    let row =
      "10.9.9.9        4      65010         5         7        0    0    0 00:00:15            5        3 Route Summary:"
    output["bgp-summary"] = output["bgp-summary"].replacingOccurrences(
      of: "\n169.254", with: "\n\(row)\n169.254")
    let verdict = try VerdictTests.expectation(.v1_4).verdict(on: output.text)
    #expect(verdict.isHealthy, "\(verdict.reasons)")
  }

  /// A foreign address on a VTI is a difference.
  @Test(arguments: VyOSVersion.allCases)
  func foreignAddress(version: VyOSVersion) throws {
    var output = try RouterOutput.captured(version)
    output["interfaces"] += "             " + (version == .v1_3 ? "    " : "") + "192.0.2.1/30\n"
    let verdict = try VerdictTests.expectation(version).verdict(on: output.text)
    #expect(!verdict.isHealthy && !verdict.mayComeUp)
    #expect(
      verdict.reasons == ["interface vti0: vti0 has 192.0.2.1/30 beside its own address 169.254.100.1/30"],
      "\(verdict.reasons)")
  }

  /// The cause stands before what it causes.
  @Test(arguments: VyOSVersion.allCases)
  func theTunnelComesBeforeItsInterface(version: VyOSVersion) throws {
    var states = ["bgp-summary": "psk-mismatch", "ipsec-sa": "psk-mismatch"]
    states["ipsec-connections"] = "psk-mismatch"
    states["ip-route-bgp"] = "none"
    var output = try RouterOutput.captured(version, states, pings: false)
    output.lowerVTI()
    let verdict = try VerdictTests.expectation(version).verdict(on: output.text)
    #expect(
      verdict.reasons.first == "tunnel to nv-branch1: no IPsec SA to 203.0.113.2 is up", "\(verdict.reasons)")
    let said = verdict.reasons.joined()
    #expect(!said.contains("switched off") && verdict.mayComeUp)
  }
}

extension RouterOutput {
  /// As VyOS has a VTI whose tunnel has no SA.
  fileprivate mutating func lowerVTI() {
    let lines = self["interfaces"].split(separator: "\n", omittingEmptySubsequences: false)
    self["interfaces"] = lines.map {
      $0.hasPrefix("vti0") ? $0.replacingOccurrences(of: "u/u", with: "A/D") : String($0)
    }.joined(separator: "\n")
  }
}
