import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Orchestration
import Testing

@Suite struct MachineTests {
  private func machines(
    _ clock: VirtualClock = VirtualClock(), _ answer: @escaping FakeService.Answer
  ) throws -> (StateMachines, FakeService) {
    let service = FakeService(answer)
    return (try StateMachines(in: .virginia, service.dependencies(clock.clock())), service)
  }

  @Test func madeChangedDeleted() async throws {
    let (machines, service) = try machines { _, _ in .json(#"{"stateMachineArn": "arn:m", "updateDate": 1}"#)
    }
    let machine = StateMachineSpecification(
      name: "m", definition: "{}", role: "arn:r", tags: ["team": "net"])
    #expect(try await machines.create(machine) == "arn:m")
    #expect(service.calls[0].body["type"] == "STANDARD" && service.calls[0].body["tags"] != nil)
    #expect(service.calls[0].request.headers["Content-Type"] == "application/x-amz-json-1.0")
    try await machines.update("arn:m", definition: "{}")
    #expect(service.calls[1].body["roleArn"] == nil && service.calls[1].operation == "UpdateStateMachine")
    try await machines.delete("arn:m")
    try await machines.heartbeat("token")
    #expect(service.calls.suffix(2).map(\.operation) == ["DeleteStateMachine", "SendTaskHeartbeat"])
  }

  /// A redrive that may have happened is made again only where its token makes it the same.
  @Test func redriven() async throws {
    let (machines, service) = try machines { _, _ in .error("InternalError", status: 500) }
    await #expect(throws: FailedCall.self) { try await machines.redrive("arn:e") }
    #expect(service.calls.count == 1)
    await #expect(throws: FailedCall.self) { try await machines.redrive("arn:e", token: "t") }
    #expect(service.calls.count == 4)
  }

  private static func execution(_ status: String) -> HTTPResponse {
    .json(#"{"executionArn": "arn:e", "status": "\#(status)", "startDate": 1}"#)
  }

  @Test func waiting() async throws {
    let (machines, service) = try machines { _, number in
      // What may pass ends no wait.
      number < 5
        ? Self.execution("RUNNING")
        : number < 9 ? .error("ThrottlingException") : Self.execution("SUCCEEDED")
    }
    #expect(try await machines.wait(for: "arn:e", limit: .seconds(600)).status == .succeeded)
    #expect(service.calls.count == 9)
    let (slow, _) = try self.machines { _, _ in Self.execution("RUNNING") }
    #expect(try await slow.wait(for: "arn:e", limit: .seconds(30)).status == .running)
    let (gone, asked) = try self.machines { _, _ in .error("ExecutionDoesNotExist") }
    await #expect(throws: FailedCall.self) { try await gone.wait(for: "arn:e", limit: .seconds(30)) }
    #expect(asked.calls.count == 1)
  }
}
