import AWSClient
import FleetTesting
import Testing

@testable import SDWAN

@Suite struct ParameterTests {
  private let prefix = ParameterPrefix(of: .network)

  /// One that a host can have.
  private static func address(_ random: inout SeededGenerator) -> IPv4Address {
    while true {
      let address = IPv4Address(bits: random.next())
      if address.purpose == nil, !address.isLinkLocal { return address }
    }
  }

  /// P1.
  @Test func paths() throws {
    var random = SeededGenerator("P1 paths")
    for _ in 0..<200 {
      let name = Self.name(&random)
      for type in ParameterType.allCases {
        #expect(prefix.path(name: name, type: type) == "/sdwan/\(name)/\(type.rawValue)")
      }
    }
  }

  /// P4.
  @Test func regions() {
    var random = SeededGenerator("P4 regions")
    for _ in 0..<200 {
      let name = Self.name(&random)
      #expect(Region.ofInstance(named: "nv-\(name)") == .virginia)
      #expect(Region.ofInstance(named: "fra-\(name)") == .frankfurt)
    }
    #expect(Region.ofInstance(named: "paris-1") == nil)
  }

  /// P11.
  @Test func wellFormedParametersGiveACompleteConfig() throws {
    var random = SeededGenerator("P11 configs")
    for _ in 0..<200 {
      let id =
        "i-"
        + (0..<17).map { _ in "0123456789abcdef".randomElement(using: &random).map(String.init) ?? "0" }
        .joined()
      let (eip, privateIP) = (Self.address(&random), Self.address(&random))
      let name = Self.name(&random)
      let config = try parameters(name, [id, "\(eip)", "\(privateIP)"]).config()
      #expect(config.instanceID.text == id)
      #expect(config.outsideEIP == eip)
      #expect(config.outsidePrivateIP == privateIP)
      #expect(config.name == name)
    }
  }

  @Test(arguments: [
    ([nil, "203.0.113.1", "10.0.0.1"], "/sdwan/r/instance-id is missing in us-east-1"),
    (["i-0123456789abcdef0", nil, "10.0.0.1"], "/sdwan/r/outside-eip is missing"),
    (
      ["i-0123456789abcdef0", "203.0.113.1", "10.0.0.256"],
      "/sdwan/r/outside-private-ip in us-east-1 is \"10.0.0.256\""
    ),
    (["i-0123456789abcdef0", "203.0.113.1; reboot", "10.0.0.1"], "/sdwan/r/outside-eip"),
    (["$(reboot)", "203.0.113.1", "10.0.0.1"], "/sdwan/r/instance-id"),
    (["i-0123456789abcdef0", "203.0.113.01", "10.0.0.1"], "/sdwan/r/outside-eip"),
  ])
  func problemsAreNamed(values: [String?], words: String) {
    let error = #expect(throws: ParameterError.self) { try parameters("r", values).config() }
    #expect(error?.description.contains(words) == true)
  }

  @Test func everyProblemIsNamed() {
    let error = #expect(throws: ParameterError.self) { try parameters("r", [nil, "x", nil]).config() }
    #expect(error?.problems.count == 3)
  }

  @Test(arguments: ["", "sdwan/", "/sd wan/", "/a//b/", "/sdwan/*"])
  func wrongPrefixes(text: String) { #expect(ParameterPrefix(text) == nil) }

  @Test(arguments: ["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1"])
  func rightRegions(name: String) { #expect(Region(name)?.name == name) }

  @Test(arguments: [
    "", "us-east", "us_east_1", "US-EAST-1", "us-east-1/x", "mars", "-east-1", "us--1", "us-east-1 ",
  ])
  func wrongRegions(name: String) { #expect(Region(name) == nil) }

  private func parameters(_ name: String, _ values: [String?]) -> InstanceParameters {
    let pairs = zip(ParameterType.allCases, values).compactMap { type, value in value.map { (type, $0) } }
    return InstanceParameters(
      name: name, region: .virginia, prefix: prefix, values: Dictionary(uniqueKeysWithValues: pairs))
  }

  static func name(_ random: inout SeededGenerator) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-")
    let length = Int.random(in: 1...20, using: &random)
    return "r"
      + (0..<length).map { _ in String(letters[Int.random(in: 0..<letters.count, using: &random)]) }.joined()
  }
}
