import AWSClient
import FleetKit
import FleetTesting
import Foundation
import Groundwork
import SSMKit
import Testing

/// A function of a stranger's, with the words of a plain fleet: as little as the kit wants.
private struct Uptime: FleetFunction {
  static let name = "uptime"
  private static let hosts = ["a": "i-00000000000000001", "b": "i-00000000000000002", "c": "nonsense"]

  let regions = [Region.virginia]

  init(_ services: FleetServices) {}

  func work(for event: FleetEvent, latest: Deadline) throws(Failure) -> any FleetWork {
    let names = try event.chosen(among: Self.hosts.keys.sorted())
    return Ask(
      targets: names.map { name in
        InstanceID(Self.hosts[name] ?? "").map { Target(name, $0, in: .virginia) }
          ?? Target(name, Obstacle("nobody knows its instance"))
      }, time: event.timeout)
  }

  private struct Ask: FleetWork {
    let purpose = Uptime.name
    let targets: [Target]
    let time: Duration

    func command(for target: Target, _ look: Look, after said: [CommandResult]) -> CommandDocument? {
      said.isEmpty ? .script("#!/bin/bash\nuptime", within: time) : nil
    }
  }
}

@Suite struct FleetFunctionTests {
  private let clock = VirtualClock()
  private let systems = FakeSystemsManager([
    .init("a", "i-00000000000000001", in: .virginia), .init("b", "i-00000000000000002", in: .virginia),
  ]) { command, _ in
    command.instance == "a"
      ? .init(stdout: "up 3 days\n") : .init(status: "Failed", stderr: "noise\nfleet: no uptime\n")
  }

  private func run(_ event: String) async throws -> [String: Any] {
    let handler = try Uptime.handler(systems.service.dependencies(clock.clock()))
    let logger = Logger(environment: { _ in nil }, clock: { VirtualClock.start }, write: { _ in })
    let bytes = try await handler(Invocation(requestID: "r", event: Array(event.utf8)), logger)
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func itsOwnWords() async throws {
    let answer = try await run("{}")
    #expect(answer["function"] as? String == "uptime" && answer["phase"] == nil)
    #expect(answer["success_count"] as? Int == 1 && answer["failed"] as? [String] == ["b", "c"])
    #expect(
      answer["summary"] as? String
        == "1 of 3 targets succeeded; b: no uptime (noise); c: nobody knows its instance")
    let results = try #require(answer["results"] as? [String: [String: Any]])
    #expect(results["a"]?["stdout"] as? String == "up 3 days\n")
    #expect(systems.commands.map(\.instance).sorted() == ["a", "b"])
  }

  @Test func someOfThem() async throws {
    let answer = try await run(#"{"targets": ["a"]}"#)
    #expect(answer["summary"] as? String == "1 of 1 targets succeeded")
    let error = await #expect(throws: Failure.self) { try await run(#"{"targets": ["z"]}"#) }
    #expect(error?.message == "the event's field targets names \"z\"; the fleet has a, b, c")
  }

  @Test func inSteps() async throws {
    systems.keepBusy(["a"])
    let execution = #""execution": "arn:run", "retry_count": 0"#
    let started = try await run("{\"action\": \"start\", \(execution)}")
    let state = try #require(started["state"] as? [String: Any])
    #expect(state["items"] as? String == "2r,b")
    let text = String(decoding: try JSONSerialization.data(withJSONObject: state), as: UTF8.self)
    systems.keepBusy([])
    let ended = try await run("{\"action\": \"check\", \(execution), \"state\": \(text)}")
    #expect(ended["done"] as? Bool == true && ended["success_count"] as? Int == 1)
  }

  /// An operator's document runs on the same targets, whatever the function is.
  @Test func aDocument() async throws {
    let answer = try await run(#"{"mode": "command", "command": {"document": "Acme-Do"}}"#)
    #expect(answer["success_count"] as? Int == 1)
    #expect(systems.commands.allSatisfy { $0.document == "Acme-Do" })
  }
}
