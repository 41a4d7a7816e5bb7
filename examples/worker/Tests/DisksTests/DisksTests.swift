import FleetKit
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Testing

@testable import disks

/// The worker over a Systems Manager that is a function, and a clock that is moved by hand.
@Suite struct DisksTests {
  private static let table = "Use% Mounted on\n 42% /\n  -  /proc\n 93% /var/lib of ours\n"

  private func answer(_ event: String, status: String = "Success", stdout: String = table) async throws
    -> Answer
  {
    let systemsManager = FakeService { call, _ in
      let command = "11111111-2222-3333-4444-555555555555"
      guard call.operation == "GetCommandInvocation" else {
        return .json(#"{"Command": {"CommandId": "\#(command)"}}"#)
      }
      return Self.json([
        "CommandId": command, "InstanceId": call.body["InstanceId"] ?? "", "Status": status,
        "StatusDetails": status, "StandardOutputContent": stdout, "StandardErrorContent": "",
      ])
    }
    let clock = VirtualClock().clock()
    let variables = ["FLEET_HOSTS": "db=eu-central-1/i-01234567 web=us-east-1/i-0123456789abcdef0"]
    let handler = try Disks.handler(systemsManager.dependencies(clock, environment: variables))
    let logger = Logger(environment: { _ in nil }, clock: clock.wall) { _ in }
    let bytes = try await handler(Invocation(requestID: "request", event: Array(event.utf8)), logger)
    return try JSONDecoder().decode(Answer.self, from: Data(bytes))
  }

  private static func json(_ fields: [String: String]) -> HTTPResponse {
    let bytes = (try? JSONEncoder().encode(fields)) ?? Data()
    return .json(String(decoding: bytes, as: UTF8.self))
  }

  private struct Answer: Decodable {
    struct Host: Decodable { let status, stderr: String }
    let results: [String: Host]
  }

  @Test func aFullDiskFailsItsHost() async throws {
    let hosts = try await answer("{}").results
    #expect(hosts.keys.sorted() == ["db", "web"])
    #expect(hosts["web"]?.status == "Failed")
    #expect(hosts["web"]?.stderr == "a disk is 93 % full")
  }

  @Test func theEventSaysWhatIsFullAndWhere() async throws {
    let hosts = try await answer(#"{"limit": 93, "targets": ["db"]}"#).results
    #expect(hosts.mapValues(\.status) == ["db": "Success"])
  }

  @Test(arguments: ["", "Use% Mounted on\n", "df: /mnt: Input/output error"])
  func whatNamesNoDiskIsNoGoodNews(stdout: String) async throws {
    #expect(try await answer("{}", stdout: stdout).results["db"]?.stderr == "df named no disk")
  }

  @Test func aCommandThatFailedStaysFailed() async throws {
    #expect(try await answer(#"{"limit": 100}"#, status: "Failed").results["db"]?.status == "Failed")
  }

  @Test(arguments: [#"{"limit": "90"}"#, #"{"targets": ["mail"]}"#])
  func anEventThatMakesNoSenseIsRefused(event: String) async {
    await #expect(throws: Failure.self) { try await answer(event) }
  }
}
