import Foundation
import Testing

@testable import FleetKit
@testable import SDWAN

/// What was counted and measured, as numbers.
@Suite struct NumbersTests {
  private func numbers(_ output: RouterOutput, _ version: VyOSVersion) throws -> Numbers {
    try VerdictTests.expectation(version).verdict(on: output.text).numbers
  }

  @Test(arguments: VyOSVersion.allCases)
  func ofAHealthyRouter(version: VyOSVersion) throws {
    let numbers = try numbers(.captured(version), version)
    #expect(
      numbers.ping["10.255.1.1"] == Numbers.Ping(sent: 3, received: 3, loss: 0, roundTrip: 1.890))
    #expect(numbers.ping.count == 2)
    #expect(numbers.sa.keys.sorted() == ["nv-branch1"])
  }

  @Test(
    arguments: [
      ("41m7s", "21K/22K", Numbers.Tunnel(uptime: 2467, bytesIn: 21_504, bytesOut: 22_528)),
      ("1w2d", "0B/27B", Numbers.Tunnel(uptime: 777_600, bytesIn: 0, bytesOut: 27)),
      ("", "0/3M", Numbers.Tunnel(uptime: 0, bytesIn: 0, bytesOut: 3 << 20)),
      ("41", "21K/22K", nil), ("1s", "21K", nil), ("1s", "21Q/1", nil), ("1s", "99999999999999999999/1", nil),
      ("9223372036854775807y", "1/1", nil), ("1s", "9223372036854775807P/1", nil),
    ] as [(String, String, Numbers.Tunnel?)])
  func anSA(uptime: String, bytes: String, expected: Numbers.Tunnel?) {
    let association = SecurityAssociation(
      connection: "nv-branch1-vti", state: "up", uptime: uptime, bytes: bytes, packets: "1/1",
      remoteAddress: "203.0.113.2", remoteID: "10.20.1.10", proposal: "AES_CBC_256/HMAC_SHA2_256_128")
    #expect(Numbers.Tunnel(association) == expected)
    var down = association
    down.state = "down"
    #expect(Numbers.Tunnel(down) == nil)
  }

  @Test func lost() throws {
    var output = try RouterOutput.captured(.v1_3, pings: false)
    output["ipsec-sa"] = ""
    let numbers = try numbers(output, .v1_3)
    #expect(numbers.ping["169.254.100.2"] == Numbers.Ping(sent: 3, received: 0, loss: 100, roundTrip: nil))
    #expect(numbers.sa.isEmpty)
  }

  /// As JSON has them, beside what was there before.
  @Test func inTheResult() throws {
    let verdict = try VerdictTests.expectation(.v1_4).verdict(on: RouterOutput.captured(.v1_4).text)
    let bytes = ResultSize.json(VerificationDetails(verdict, checkedAt: nil))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(object["ping"] as? [String: String] == ["169.254.100.2": "ok", "10.255.1.1": "ok"])
    let numbers = try #require(object["numbers"] as? [String: [String: [String: Double]]])
    #expect(numbers["ping"]?["10.255.1.1"] == ["sent": 3, "received": 3, "loss": 0, "rtt_ms": 1.89])
    #expect(
      Set(numbers["sa"]?["nv-branch1"]?.keys.map { $0 } ?? []) == ["uptime_s", "bytes_in", "bytes_out"])
  }
}
