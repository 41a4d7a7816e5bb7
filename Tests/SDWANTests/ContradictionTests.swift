import Foundation
import Testing

@testable import SDWAN

/// The smallest contradictions, each by itself: one word of a healthy output says something else.
@Suite struct ContradictionTests {
  private func verdict(
    _ version: VyOSVersion = .v1_4, _ answer: String, _ piece: String, _ replacement: String
  ) throws -> Verdict {
    var output = try RouterOutput.captured(version)
    let range = try #require(output[answer].range(of: piece))
    output[answer] = output[answer].replacingCharacters(in: range, with: replacement)
    return try VerdictTests.expectation(version).verdict(on: output.text)
  }

  private func isHealthy(_ answer: String, _ piece: String, _ replacement: String) throws -> Bool {
    try verdict(.v1_4, answer, piece, replacement).isHealthy
  }

  /// `ping` ends with 1 when replies are missing; then its report can't show all three.
  @Test(arguments: VyOSVersion.allCases)
  func pingThatFailedWithAllReplies(version: VyOSVersion) throws {
    var output = try RouterOutput.captured(version)
    output.end("ping-169.254.100.2", with: 1)
    let isHealthy = try VerdictTests.expectation(version).verdict(on: output.text).isHealthy
    #expect(!isHealthy)
  }

  @Test func statisticsOfAnotherAddress() throws {
    let isHealthy = try isHealthy("ping-10.255.1.1", "--- 10.255.1.1 ping", "--- 10.255.1.2 ping")
    #expect(!isHealthy)
  }

  /// The connections' table names ids and algorithms too, as they are configured now.
  @Test(arguments: [
    ("PEER          up       IKEv2", "PEER          down     IKEv2"),
    (
      "IPsec   203.0.113.2       0.0.0.0/0   0.0.0.0/0    10.10.1.10",
      "IPsec   203.0.113.2       0.0.0.0/0   0.0.0.0/0    10.10.1.11"
    ),
    (
      "10.10.1.10  10.20.1.10   AES_CBC/256/HMAC_SHA2_256_128/None",
      "10.10.1.10  10.20.1.11   AES_CBC/256/HMAC_SHA2_256_128/None"
    ),
    ("AES_CBC/256/HMAC_SHA2_256_128/None", "AES_CBC/128/HMAC_SHA1_96/None"),
    ("AES_CBC/256/HMAC_SHA2_256_128/MODP_2048", "AES_CBC/256/HMAC_SHA2_256_128/MODP_1024"),
  ])
  func connectionsThatContradict(piece: String, replacement: String) throws {
    let isHealthy = try isHealthy("ipsec-connections", piece, replacement)
    #expect(!isHealthy)
  }

  /// Where nothing routes to an address yet, ping says so and ends with 2: BGP may still bring the route.
  @Test func unreachableMayComeUp() throws {
    var output = try RouterOutput.captured(.v1_3, ["bgp-summary": "psk-mismatch", "ip-route-bgp": "none"])
    output["ping-10.255.1.1"] = "ping: connect: Network is unreachable"
    output.end("ping-10.255.1.1", with: 2)
    let verdict = try VerdictTests.expectation(.v1_3).verdict(on: output.text)
    #expect(!verdict.isHealthy)
    #expect(verdict.mayComeUp, "\(verdict.checks.filter { $0.health != .ok && !$0.mayComeUp }.map(\.name))")
  }
}
