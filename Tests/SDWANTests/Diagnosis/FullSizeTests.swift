import Testing

@testable import SDWAN

/// The packet of the tunnel's full size, and what is made of its answer.
@Suite struct FullSizeTests {
  /// Found by trying, not by the formula: the largest inner packet whose outer one has 1,500 bytes at most.
  @Test func theLargestThatFits() {
    func outer(_ inner: Int) -> Int {
      // Padding up to a block of 16 holds at least its own length and the next header.
      let encrypted = (inner + 2 + 15) / 16 * 16
      return 20 + 8 + 4 + 4 + 16 + encrypted + 16
    }
    let largest = (576...1500).last { outer($0) <= 1500 }
    #expect(InnerPacket.largest == largest && InnerPacket.largest == 1422)
    #expect(InnerPacket.pingPayload == 1394)
  }

  private func verdict(_ complaint: String, _ version: VyOSVersion = .v1_4, small: Bool = true) throws
    -> Verdict
  {
    var output = try RouterOutput.captured(version, pings: small)
    let text = try Fixture.fullSizePing("169.254.100.2", isAnswered: false)
    output["full-size-ping-169.254.100.2"] = text.replacing("data.\n", with: "data.\n\(complaint)")
    output.end("full-size-ping-169.254.100.2", with: 1)
    return try VerdictTests.expectation(version).verdict(on: output.text)
  }

  @Test(
    arguments: VyOSVersion.allCases,
    [
      ("", Confidence.likely), ("ping: local error: message too long, mtu=1400\n", .certain),
      ("ping: sendmsg: Message too long\n", .certain),
      ("From 10.10.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\n", .certain),
    ])
  func doesNotPass(version: VyOSVersion, said: (complaint: String, confidence: Confidence)) throws {
    let verdict = try verdict(said.complaint, version)
    #expect(!verdict.isHealthy && verdict.mayComeUp, "one packet may be lost, so it is looked at again")
    #expect(verdict.pings == ["169.254.100.2": .fail, "10.255.1.1": .ok])
    #expect(verdict.health(of: .ping) == .fail && verdict.health(of: .bgp) == .ok)
    let found = FleetDiagnosis(["nv-sdwan": verdict.checks], branches: []).diagnoses(of: "nv-sdwan")
    #expect(found.map(\.cause) == [.mtu] && found.map(\.confidence) == [said.confidence])
    let mtu = said.complaint.contains("1400") ? "1400" : "1422"
    #expect(verdict.reasons.count == 1 && verdict.reasons[0].contains(mtu), "\(verdict.reasons)")
  }

  /// Where small packets are lost, the large one is not what is wrong.
  @Test func notWhereSmallOnesAreLost() throws {
    let verdict = try verdict("", small: false)
    #expect(verdict.checks.allSatisfy { $0.finding?.cause != .mtu })
    #expect(verdict.pings["169.254.100.2"] == .fail)
  }

  /// An answer that is missing, or about packets of another size, is none.
  @Test(arguments: ["missing", "another size", "three packets", "status"])
  func unreadable(how: String) throws {
    var output = try RouterOutput.captured(.v1_4)
    let name = "full-size-ping-169.254.100.2"
    switch how {
    case "missing": output.answers.removeAll { $0.name == name }
    case "another size": output[name] = output[name].replacing("1394(1422)", with: "56(84)")
    case "three packets": output[name] = try Fixture.ping("169.254.100.2")
    default: output.end(name, with: 1)
    }
    let verdict = try VerdictTests.expectation(.v1_4).verdict(on: output.text)
    #expect(!verdict.isHealthy && verdict.mayComeUp)
    #expect(verdict.pings["169.254.100.2"] == .unknown)
    #expect(verdict.checks.compactMap(\.finding?.cause) == [.unreadable])
  }
}
