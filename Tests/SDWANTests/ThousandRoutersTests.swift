import AWSClient
import FleetTesting
import Foundation
import Groundwork
import SSMKit
import Testing

@testable import FleetKit
@testable import SDWAN

/// A rollout of a thousand routers in steps: few calls, small messages.
@Suite struct ThousandRoutersTests {
  /// A hundred hubs with nine branches each, in two regions.
  private struct Thousand: Sendable {
    let json: String
    let topology: Topology
    let fake: FakeSystemsManager
    let service: FakeService
    let names: [String]

    init(_ clock: Clock) throws {
      var routers: [String] = []
      var tunnels: [String] = []
      var hosts: [String: RandomNetwork.Host] = [:]
      for number in 0..<1000 {
        let (site, isHub) = (number / 10, number % 10 == 0)
        let name = "site\(100 + site)-\(number % 10)"
        let loopback = IPv4Address(bits: 0x0AFE_0000 + UInt32(number))
        routers.append(
          #""\#(name)": {"region": "\#(site < 50 ? "us-east-1" : "eu-central-1")", "role": "\#(isHub ? "sdwan" : "branch")", "loopback": "\#(loopback)/32"}"#
        )
        hosts[name] = RandomNetwork.Host(
          instanceID: "i-" + String(0x1_0000_0000 + number, radix: 16).suffix(8),
          eip: IPv4Address(bits: 0xC612_0000 + UInt32(number)),
          privateIP: IPv4Address(bits: 0x0A40_000A + UInt32(number) * 256))
        guard !isHub else { continue }
        let inner = { (host: Int) in IPv4Address(bits: 0xA9FE_0000 + UInt32(number * 4 + host)) }
        tunnels.append(
          #"{"name": "t\#(number)", "ends": [{"router": "site\#(100 + site)-0", "vti": "vti\#(number % 10)", "address": "\#(inner(1))/30"}, {"router": "\#(name)", "vti": "vti0", "address": "\#(inner(2))/30"}]}"#
        )
      }
      json =
        #"{"routers": {\#(routers.joined(separator: ", "))}, "tunnels": [\#(tunnels.joined(separator: ", "))]}"#
      let topology = try Topology(json: Array(json.utf8))
      let known = hosts
      fake = FakeSystemsManager.byCommand(topology, hosts) { command, _ in
        Self.answer(to: command, topology, known)
      }
      (self.topology, names, service) = (topology, topology.routers.map(\.name), fake.service)
    }

    private static func answer(
      to command: FakeSystemsManager.Command, _ topology: Topology, _ hosts: [String: RandomNetwork.Host]
    ) -> FakeSystemsManager.Answer {
      let isVerification = command.comment.hasPrefix("phase3")
      guard isVerification, let router = topology.router(named: command.instance),
        let expected = try? topology.expectation(of: router, hosts, .v1_3),
        let output = try? RouterOutput.healthy(expected)
      else {
        let noise = command.comment.hasPrefix("phase1") ? String(repeating: "Setting up\n", count: 500) : ""
        return .init(stdout: noise + "sdwan: configuration committed\n")
      }
      return .init(stdout: output.text)
    }

    func handler(_ phase: Phase, _ clock: VirtualClock) throws -> Handler {
      let variables = FakeHosts.image.merging(["SDWAN_TOPOLOGY": json]) { $1 }
      return try phase.function.handler(service.dependencies(clock.clock(), environment: variables))
    }

    var calls: [String: Int] { Dictionary(grouping: service.calls, by: \.operation).mapValues(\.count) }
  }

  /// What came of a step.
  private struct Ended {
    var answer: [String: Any]
    var size = 0
    var state = 0
    var polls = 0
  }

  private func step(
    _ phase: Phase, _ thousand: Thousand, _ clock: VirtualClock, _ more: [String: Any] = [:]
  ) async throws -> Ended {
    let handler = try thousand.handler(phase, clock)
    func invoke(_ action: String, _ state: Any? = nil) async throws -> [UInt8] {
      var fields: [String: Any] = [
        "instances": thousand.names, "wave": "all", "step": phase.rawValue, "timeout": 1800,
      ]
      fields["state"] = state
      let event = try stepEvent(action, fields.merging(more) { $1 })
      return try await handler(Invocation(requestID: "r", event: Array(event.utf8)), .silent)
    }
    // A tenth ends with every question, and the last ones with the tenth.
    thousand.fake.keepBusy(Set(thousand.names))
    var bytes = try await invoke("start")
    var ended = Ended(answer: [:])
    while true {
      ended.answer = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
      guard ended.answer["done"] as? Bool == false else { break }
      ended.polls += 1
      thousand.fake.keepBusy(Set(thousand.names.dropFirst(100 * ended.polls)))
      clock.advance(.seconds(ended.answer["wait_seconds"] as? Int ?? 0))
      let state = try #require(ended.answer["state"])
      ended.state = max(ended.state, try JSONSerialization.data(withJSONObject: state).count)
      bytes = try await invoke("check", state)
    }
    ended.size = bytes.count
    return ended
  }

  /// Discovery, SendCommand, lists and outputs of all three phases, each phase in a function of its own.
  @Test func threePhases() async throws {
    let clock = VirtualClock()
    let thousand = try Thousand(clock.clock())
    for phase in Phase.allCases {
      let ended = try await step(phase, thousand, clock)
      #expect(ended.answer["success_count"] as? Int == 1000, "\(ended.answer["summary"] ?? "")")
      #expect(ended.polls == 10 && ended.state <= 20 * 1000 && ended.size < 64 * 1024)
    }
    let all = thousand.calls.values.reduce(0, +)
    print("1,000 routers, three phases of 10 polls: \(all) calls, \(thousand.calls)")
    #expect(all <= 5 * 1000, "\(thousand.calls)")
    #expect(thousand.calls["GetParametersByPath"] ?? 0 <= 3 * 302)
  }

  /// Plans of all, too, go in steps.
  @Test func plans() async throws {
    let clock = VirtualClock()
    let thousand = try Thousand(clock.clock())
    let ended = try await step(.phase3, thousand, clock, ["mode": "plan"])
    #expect(ended.answer["success_count"] as? Int == 1000 && ended.answer["done"] as? Bool == true)
    #expect(ended.size < 64 * 1024 && thousand.fake.commands.isEmpty)
    for phase in [Phase.phase1, .phase2] {
      let ended = try await step(phase, thousand, clock, ["mode": "plan"])
      // The fake's hosts don't tell what would change, and each is told of.
      #expect(ended.answer["fail_count"] as? Int == 1000)
      #expect((ended.answer["failed"] as? [String])?.count == 1000)
      #expect(ended.size < 250_000 && ended.state <= 20 * 1000)
    }
    #expect(thousand.fake.commands.allSatisfy { $0.comment.hasPrefix("plan phase") })
  }
}
