import AWSClient
import Foundation
import SSMKit

@testable import SDWAN

/// A hub with many branches, and hosts that answer phase 3's scripts as they are: what a script does not ask is not
/// answered, and long answers go out packed.
struct StarNetwork: Sendable {
  /// `SDWAN_TOPOLOGY`.
  let json: String
  let topology: Topology
  let hosts: [String: RandomNetwork.Host]
  private let outputs: [String: RouterOutput]

  init(branches: Int, _ version: VyOSVersion) throws {
    json = Self.json(branches: branches)
    topology = try Topology(json: Array(json.utf8))
    var hosts: [String: RandomNetwork.Host] = [:]
    for (number, router) in topology.routers.enumerated() {
      hosts[router.name] = RandomNetwork.Host(
        instanceID: "i-" + String(0x1_0000_0000 + number, radix: 16).suffix(8),
        eip: IPv4Address(bits: 0xC612_0000 + UInt32(number)),
        privateIP: IPv4Address(bits: 0x0A40_000A + UInt32(number) * 256))
    }
    self.hosts = hosts
    var outputs: [String: RouterOutput] = [:]
    for router in topology.routers where ["hub", "b0"].contains(router.name) {
      outputs[router.name] = try .healthy(topology.expectation(of: router, hosts, version))
    }
    self.outputs = outputs
  }

  static func json(branches: Int) -> String {
    let network = { (number: Int, host: Int) in IPv4Address(bits: 0xA9FE_6400 + UInt32(number * 4 + host)) }
    let routers = (0..<branches).map { number in
      #""b\#(number)": {"region": "us-east-1", "role": "branch", "loopback": "10.254.\#(number / 250).\#(number % 250 + 1)/32"}"#
    }
    let tunnels = (0..<branches).map { number in
      #"{"name": "t\#(number)", "ends": [{"router": "hub", "vti": "vti\#(number)", "address": "\#(network(number, 1))/30"}, "#
        + #"{"router": "b\#(number)", "vti": "vti0", "address": "\#(network(number, 2))/30"}]}"#
    }
    let hub = #""hub": {"region": "us-east-1", "role": "sdwan", "loopback": "10.255.0.1/32"}"#
    return
      #"{"routers": {\#(([hub] + routers).joined(separator: ", "))}, "tunnels": [\#(tunnels.joined(separator: ", "))]}"#
  }

  /// What a healthy host answers to a script of phase 3.
  func answer(to command: FakeHosts.Command) -> FakeHosts.Answer {
    guard let output = outputs[command.instance] else { return FakeHosts.Answer(status: "Failed") }
    let script = command.parameters["commands"]?.first ?? ""
    let names =
      Self.values("QUESTIONS", script) + Self.values("PING_TARGETS", script).map { "ping-\($0)" }
      + Self.values("FULL_SIZE_TARGETS", script).map { "full-size-ping-\($0)" }
    let asked = Set(names)
    let text = RouterOutput(answers: output.answers.filter { asked.contains($0.name) }).text
    return FakeHosts.Answer(stdout: text.utf8.count <= 20_000 ? text : Self.packed(text))
  }

  /// The words of a value that a script sets.
  static func values(_ name: String, _ script: String) -> [String] {
    let line = script.split(separator: "\n").first { $0.hasPrefix("readonly \(name)=") } ?? ""
    return line.split(separator: "'").dropFirst().first?.split(separator: " ").map(String.init) ?? []
  }

  static func packed(_ text: String) -> String {
    let packed = try? Shell("/bin/bash", ["-c", "gzip -9 -c | base64"], input: text).stdout
    return "=====[ gzip base64 ]=====\n" + (packed ?? "")
  }
}
