import FleetTesting
import Foundation
import Groundwork
import Testing

@testable import SDWAN

/// What Parameter Store says is read once for an execution and process, and anew for everybody else.
@Suite struct KeptInventoryTests {
  private let clock = VirtualClock()

  /// How often parameters were read for some events, one after another in one process.
  private func reads(
    _ hosts: FakeHosts, _ events: [String], before: (Int) -> Void = { _ in }
  ) async throws -> [Int] {
    let service = hosts.service
    let handler = try VPN.handler(service.dependencies(clock.clock()))
    var counts: [Int] = []
    for (number, event) in events.enumerated() {
      before(number)
      let known = service.count(of: "GetParametersByPath")
      _ = try await handler(Invocation(requestID: "r", event: Array(event.utf8)), .silent)
      counts.append(service.count(of: "GetParametersByPath") - known)
    }
    return counts
  }

  @Test func onceForAnExecution() async throws {
    let execution = { (name: String) in try stepEvent("start", ["execution": name]) }
    let events = [
      try execution("one"), try execution("one"), try execution("two"), try execution("one"), "{}", "{}",
      try stepEvent("start", ["execution": "one", "instances": ["nv-sdwan"]]),
    ]
    let counts = try await reads(try .standard(), events)
    let all = counts[0]
    #expect(all > 0 && counts == [all, 0, all, all, all, all, counts[6]])
    #expect(counts[6] > 0, "another choice is another question")
  }

  /// A region that could not be read is asked again.
  @Test func notWhatIsNotKnown() async throws {
    let hosts = try FakeHosts.standard()
    hosts.deny(.frankfurt)
    let event = try stepEvent("start", ["execution": "one"])
    let counts = try await reads(hosts, [event, event, event]) { if $0 == 1 { hosts.allow(.frankfurt) } }
    #expect(counts[1] > 0 && counts[2] == 0)
  }
}
