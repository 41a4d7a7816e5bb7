import SSMKit
import Testing
import FleetTesting

@testable import SDWAN

/// What strongSwan logs about tunnels that don't come up, as its 5.7 and 5.9 write it.
@Suite struct CharonLogTests {
  /// Who logs it: before the text stands what syslog, charon's own file and the journal put there.
  static let loggers = [
    "Nov 26 08:07:24 router charon: 12[IKE] <PEER|3> ",
    "Nov 26 08:07:24 router charon[2436]: 12[IKE] <PEER|3> ",
    "12[IKE] <PEER|3> ",
  ]

  static let lines: [(text: String, cause: Cause, confidence: Confidence)] = [
    ("received AUTHENTICATION_FAILED notify error", .keyMismatch, .likely),
    ("parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]", .keyMismatch, .likely),
    ("tried 1 shared key for '10.10.1.10' - '10.20.1.10', but MAC mismatched", .keyMismatch, .certain),
    ("tried 2 shared keys for '10.10.1.10' - '10.20.1.10', but MAC mismatched", .keyMismatch, .certain),
    ("no shared key found for '10.10.1.10' - '10.20.1.10'", .keyMismatch, .certain),
    ("no matching peer config found", .identityMismatch, .certain),
    ("constraint check failed: identity '10.20.1.10' required", .identityMismatch, .certain),
    ("received NO_PROPOSAL_CHOSEN notify error", .proposalMismatch, .likely),
    ("received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built", .proposalMismatch, .likely),
    ("received proposals inacceptable", .proposalMismatch, .likely),
    ("received proposals unacceptable", .proposalMismatch, .likely),
    ("no acceptable proposal found", .proposalMismatch, .likely),
    ("no IKE config found for 10.10.1.10...203.0.113.2, sending NO_PROPOSAL_CHOSEN", .notConfigured, .likely),
    ("received TS_UNACCEPTABLE notify, no CHILD_SA built", .noChild, .likely),
    ("failed to establish CHILD_SA, keeping IKE_SA", .noChild, .likely),
    ("traffic selectors 0.0.0.0/0 === 10.0.0.0/8 inacceptable, TS_UNACCEPTABLE", .noChild, .likely),
    ("received DELETE for ESP CHILD_SA with SPI c4973bf1", .noChild, .likely),
    (
      "deleting IKE_SA nv-branch1[2] between 10.10.1.10[10.10.1.10]...203.0.113.2[10.20.1.10]", .noChild,
      .likely
    ),
    ("received DELETE for IKE_SA nv-branch1[2]", .noChild, .likely),
    ("parsed IKE_AUTH response 1 [ IDr AUTH N(MOBIKE_SUP) N(NO_PROP) ]", .proposalMismatch, .likely),
    ("retransmit 4 of request with message ID 0", .peerUnreachable, .likely),
    ("giving up after 5 retransmits", .peerUnreachable, .likely),
    ("establishing IKE_SA failed, peer not responding", .peerUnreachable, .likely),
    ("error writing to socket: Operation not permitted", .notPermitted, .likely),
    ("error writing to socket: Network is unreachable", .peerUnreachable, .likely),
  ]

  private func finding(_ log: String, ike: String = "", _ version: VyOSVersion = .v1_4) throws -> Finding {
    var output = try RouterOutput.captured(version)
    output["ipsec-sa"] = try Fixture.text(version, "ipsec-sa", "psk-mismatch")
    output.add("ike-sa", ike)
    output.add("ipsec-log", log)
    let verdict = try VerdictTests.expectation(version).verdict(on: output.text)
    let check = try #require(verdict.checks.first { $0.name.hasPrefix("tunnel to") })
    #expect(!verdict.isHealthy && !verdict.lacksReasons)
    return try #require(check.finding)
  }

  @Test(arguments: lines.indices)
  func eachLineHasItsCause(number: Int) throws {
    let (text, cause, confidence) = Self.lines[number]
    let names = [
      (VyOSVersion.v1_3, "peer-203.0.113.2-tunnel-vti"), (.v1_4, "nv-branch1"), (.v1_5, "nv-branch1"),
    ]
    for (version, name) in names {
      let journal =
        "Nov 26 08:07:24 router charon-systemd[2440]: received packet: from 203.0.113.2[4500] to 10.10.1.10[4500] (80 bytes)\nNov 26 08:07:24 router charon-systemd[2440]: \(text)\n"
      let logs = Self.loggers.map { $0.replacing("PEER", with: name) + text + "\n" } + [journal]
      for log in logs {
        let found = try finding(log, version)
        #expect(found.cause == cause && found.confidence == confidence, "\(log): \(found)")
        // Without the date and the program, as it is to be read.
        #expect(
          found.evidence.first?.hasSuffix(text) == true && found.evidence.first?.contains("Nov 26") == false)
      }
    }
  }

  /// What was before a tunnel came up, or before an answer came, is over.
  @Test func whatIsOver() throws {
    let silence = "05[IKE] <nv-branch1|1> retransmit 2 of request with message ID 0\n"
    let answer =
      "06[NET] <nv-branch1|1> received packet: from 203.0.113.2[500] to 10.10.1.10[500] (464 bytes)\n"
    let refused = "07[IKE] <nv-branch1|2> received AUTHENTICATION_FAILED notify error\n"
    let up =
      "08[IKE] <nv-branch1|3> IKE_SA nv-branch1[3] established between 10.10.1.10[10.10.1.10]...203.0.113.2[10.20.1.10]\n"
    let child = "09[IKE] <nv-branch1|3> received TS_UNACCEPTABLE notify, no CHILD_SA built\n"
    #expect(try finding(silence).confidence == .likely)
    #expect(try finding(silence + answer).confidence == .possible)
    #expect(try finding(answer + silence).confidence == .likely)
    #expect(try finding(refused + answer).cause == .keyMismatch)
    #expect(try finding(refused + up + child).cause == .noChild)
    #expect(try finding(child + up) == finding(up), "the other end speaks")
    #expect(try finding(up).cause == .noChild && finding(up).confidence == .possible)
    #expect(try finding(silence + answer).cause == .noChild)
    #expect(try finding(refused + up).cause != .keyMismatch)
  }

  /// The IKE SA that is up tells a tunnel that lacks from a peer that is away, in both forms of the table.
  @Test func theIKESA() throws {
    let old = """
      Peer ID / IP                            Local ID / IP
      ------------                            -------------
      203.0.113.2                             10.10.1.10

          State  IKEVer  Encrypt  Hash    D-H Group      NAT-T  A-Time  L-Time
          -----  ------  -------  ----    ---------      -----  ------  ------
          up     IKEv2   aes256   sha256_128 14(MODP_2048)  yes    1200    28800

      """
    let new = old.replacing(
      "203.0.113.2                             10.10.1.10",
      with: "203.0.113.2 10.20.1.10                  10.10.1.10 10.10.1.10")
    for (text, version) in [(old, VyOSVersion.v1_3), (new, .v1_4)] {
      #expect(try finding("", ike: text, version).cause == .noChild)
      let down = text.replacing("up     IKEv2", with: "down   IKEv2")
      #expect(try finding("", ike: down, version).cause == .peerUnreachable)
      #expect(
        try finding("", ike: text.replacing("203.0.113.2", with: "203.0.113.22"), version).cause
          == .peerUnreachable)
      for broken in ["up     IKEv2", "-----"] {
        #expect(throws: Unreadable.self) { try IKEAssociations(text.replacing(broken, with: "")) }
      }
    }
    #expect(throws: Unreadable.self) { try IKEAssociations("IPSec Process NOT Running\n") }
  }

  /// Who fails at a later point has come past the earlier ones: a router that was not configured yet is no reason any more.
  @Test(arguments: [
    (["no IKE config found for 10.10.1.10...203.0.113.2", "but MAC mismatched"], Cause.keyMismatch),
    (["but MAC mismatched", "no IKE config found for 10.10.1.10...203.0.113.2"], .notConfigured),
    (["no matching peer config found", "no shared key found for '10.10.1.10' - '10.20.1.10'"], .keyMismatch),
    (
      ["no IKE config found for 10.10.1.10...203.0.113.2", "received NO_PROPOSAL_CHOSEN notify error"],
      .proposalMismatch
    ),
    (
      ["received NO_PROPOSAL_CHOSEN notify error", "received AUTHENTICATION_FAILED notify error"],
      .keyMismatch
    ),
    (["but MAC mismatched", "received TS_UNACCEPTABLE notify, no CHILD_SA built"], .noChild),
    (
      ["no IKE config found for 10.10.1.10...203.0.113.2", "giving up after 5 retransmits"], .peerUnreachable
    ),
    (["no matching peer config found", "received AUTHENTICATION_FAILED notify error"], .identityMismatch),
    (
      [
        "received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built",
        "failed to establish CHILD_SA, keeping IKE_SA",
      ], .proposalMismatch
    ),
  ])
  func theLaterPointCounts(lines: [String], cause: Cause) throws {
    let log = lines.map { "12[IKE] <PEER|3> \($0)\n" }.joined()
    #expect(try finding(log).cause == cause)
  }

  /// Other people's connections, and a peer's address within a longer one, say nothing about ours.
  @Test(arguments: [
    "12[IKE] <azure|7> received packet: from 198.51.100.9[4500] to 10.10.1.10[4500] (80 bytes)\n12[IKE] <azure|7> received AUTHENTICATION_FAILED notify error\n",
    "12[NET] <8> received packet: from 203.0.113.21[500] to 10.10.1.10[500] (80 bytes)\n12[IKE] <8> no matching peer config found\n",
  ])
  func otherPeoplesLines(log: String) throws {
    #expect(try finding(log).cause == .peerUnreachable)
  }

  /// On a hub each line goes to the tunnel that it is about, by name, by address, or by the thread that wrote it.
  @Test func aHubsLines() throws {
    let peers = try Self.hub()
    let log = """
      01[IKE] <b1|1> received AUTHENTICATION_FAILED notify error
      02[IKE] <4> no IKE config found for 10.0.0.1...198.51.100.2, sending NO_PROPOSAL_CHOSEN
      03[NET] <5> received packet: from 198.51.100.3[4500] to 10.0.0.1[4500] (80 bytes)
      02[IKE] <4> something else
      03[CFG] <5> no matching peer config found
      04[IKE] <6> giving up after 5 retransmits

      """
    let read = CharonLog(log, peers: peers)
    #expect(
      peers.map { read.entries(of: $0).map(\.clue) } == [[.refused], [.stranger], [.answer, .wrongIdentity]])
  }

  /// Two hosts of different networks may have one private address.
  @Test func aPrivateAddressOfTwo() throws {
    var peers = try Self.hub()
    peers[1].privateIP = peers[0].privateIP
    let log = "02[IKE] <4> tried 1 shared key for '10.0.0.1' - '\(peers[0].privateIP)', but MAC mismatched\n"
    let read = CharonLog(log, peers: peers)
    #expect(peers.allSatisfy { read.entries(of: $0).isEmpty })
  }

  private static func hub() throws -> [Peer] {
    let topology = try FleetDiagnosisTests.star(3)
    let hub = try #require(topology.router(named: "hub"))
    return try topology.links(of: hub).enumerated().map { number, link in
      Peer(
        link: link, eip: try #require(IPv4Address("198.51.100.\(number + 1)")),
        privateIP: try #require(IPv4Address("10.1.\(number).10")))
    }
  }

  /// Lines cut, mixed and garbled: the health stays what it is, and there is always a diagnosis.
  @Test func mutatedLogs() throws {
    var random = SeededGenerator("mutated logs")
    let expected = try VerdictTests.expectation(.v1_4)
    for number in 0..<400 {
      var lines = Self.lines.shuffled(using: &random).prefix(6).map { "12[IKE] <nv-branch1|3> \($0.text)" }
      for index in lines.indices {
        let scalars = Array(lines[index].unicodeScalars)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: lines[index] = String(lines[index].prefix(Int.random(in: 0...scalars.count, using: &random)))
        case 1: lines[index] = String(lines[index].shuffled(using: &random))
        case 2: lines[index] += "\u{0}\u{1B}[1m\u{FFFD}" + lines[0]
        default: break
        }
      }
      let text = lines.joined(separator: number % 2 == 0 ? "\n" : "\r\n")
      for base in [
        try RouterOutput.captured(.v1_4), try RouterOutput.captured(.v1_4, ["ipsec-sa": "psk-mismatch"]),
      ] {
        var output = base
        output.add("ike-sa", text)
        output.add("ipsec-log", text)
        let (plain, told) = (expected.verdict(on: base.text), expected.verdict(on: output.text))
        #expect(
          plain.isHealthy == told.isHealthy && plain.pings == told.pings && plain.reasons == told.reasons)
        let found = FleetDiagnosis(["nv-sdwan": told.checks], branches: []).diagnoses(of: "nv-sdwan")
        #expect(found.isEmpty == told.isHealthy)
      }
    }
  }
}
