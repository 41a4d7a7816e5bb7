import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Orchestration
import Testing

@Suite struct OrchestrationTests {
  private func dependencies(_ service: FakeService) -> ServiceClient.Dependencies {
    service.dependencies(VirtualClock().clock())
  }

  private func machines(_ answer: @escaping FakeService.Answer) throws -> (StateMachines, FakeService) {
    let service = FakeService(answer)
    return (try StateMachines(in: .virginia, dependencies(service)), service)
  }

  @Test func executionsPageByPage() async throws {
    let (machines, service) = try machines { call, number in
      let one = { (name: Int) in
        #"{"executionArn": "arn:m:e\#(name)", "stateMachineArn": "arn:m", "name": "e\#(name)", "status": "FAILED", "startDate": 1769860800.5, "stopDate": 1769860900}"#
      }
      let next = number < 3 ? #", "nextToken": "t\#(number)""# : ""
      return .json(#"{"executions": [\#(one(number * 2)), \#(one(number * 2 + 1))]\#(next)}"#)
    }
    let all = try await machines.executions(of: "arn:m")
    #expect(all.map(\.name) == ["e2", "e3", "e4", "e5", "e6", "e7"] && service.calls.count == 3)
    #expect(all[0].status == .failed && all[0].started.seconds == 1_769_860_800.5)
    #expect(service.calls.map { $0.body["nextToken"] } == [nil, "t1", "t2"])
    #expect(service.calls[0].request.headers["X-Amz-Target"] == "AWSStepFunctions.ListExecutions")
    let (few, asked) = try self.machines { _, _ in
      .json(
        #"{"executions": [{"executionArn": "a:b", "status": "RUNNING", "startDate": 1}], "nextToken": "t"}"#)
    }
    #expect(try await few.executions(of: "arn:m", .running, limit: 1).map(\.name) == ["b"])
    #expect(asked.calls.count == 1 && asked.calls[0].body["statusFilter"] == "RUNNING")
  }

  /// A token that comes back for ever ends the list.
  @Test func aTokenForEver() async throws {
    let (machines, service) = try machines { _, _ in .json(#"{"stateMachines": [], "nextToken": "same"}"#) }
    #expect(try await machines.list().isEmpty && service.calls.count == 2)
  }

  @Test func whatHappened() async throws {
    let (machines, _) = try machines { _, _ in
      .json(
        """
        {"events": [
          {"id": 2, "previousEventId": 1, "timestamp": 5, "type": "TaskStateEntered",
           "stateEnteredEventDetails": {"name": "Work", "input": "{}"}},
          {"id": 3, "previousEventId": 2, "timestamp": 6, "type": "TaskScheduled",
           "taskScheduledEventDetails": {"resourceType": "events", "resource": "putEvents.waitForTaskToken",
             "region": "us-east-1", "parameters": "{}", "timeoutInSeconds": 9}},
          {"id": 4, "timestamp": 7, "type": "ExecutionFailed",
           "executionFailedEventDetails": {"error": "E", "cause": "C"}},
          {"id": 5, "timestamp": 8, "type": "ExecutionSomething"}]}
        """)
    }
    var events: [HistoryEvent] = []
    try await machines.history(of: "arn:e") { page in
      events += page
      return true
    }
    #expect(events.map(\.id) == [2, 3, 4, 5] && events[0].state == "Work" && events[0].previousID == 1)
    #expect(events[1].resource == "putEvents.waitForTaskToken" && events[1].parameters == "{}")
    #expect(events[2].error == "E" && events[2].cause == "C" && events[3].state == nil)
  }

  /// A start that may have happened is not made a second time, unless its name makes it the same.
  @Test func aStartHappensOnce() async throws {
    let (machines, service) = try machines { _, _ in .error("InternalError", status: 500) }
    await #expect(throws: FailedCall.self) { try await machines.start("arn:m", input: "{}") }
    #expect(service.calls.count == 1)
    await #expect(throws: FailedCall.self) { try await machines.start("arn:m", name: "n", input: "{}") }
    #expect(service.calls.count == 4)
  }

  @Test func aFunctionsAnswerAndItsError() async throws {
    let service = FakeService { call, number in
      switch number {
      case 1:
        .json(
          #"{"ok": true}"#, headers: ["X-Amz-Log-Result": Data("END RequestId: 1".utf8).base64EncodedString()]
        )
      case 2:
        .json(
          #"{"errorType": "Event.Invalid", "errorMessage": "no"}"#,
          headers: ["X-Amz-Function-Error": "Unhandled"])
      default: .error("ResourceNotFoundException", status: 404)
      }
    }
    let functions = try Functions(in: .virginia, dependencies(service))
    let answer = try await functions.invoke("arn:aws:lambda:x:1:function:f", event: Array("{}".utf8))
    #expect(
      String(decoding: answer.payload, as: UTF8.self) == #"{"ok": true}"# && answer.log == "END RequestId: 1")
    let request = service.calls[0].request
    #expect(
      request.url
        == "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Ax%3A1%3Afunction%3Af/invocations"
    )
    #expect(request.headers["X-Amz-Invocation-Type"] == "RequestResponse")
    let error = await #expect(throws: InvocationFailure.self) { try await functions.invoke("f", event: []) }
    #expect(error?.description == "Event.Invalid: no")
    let missing = await #expect(throws: InvocationFailure.self) { try await functions.invoke("f", event: []) }
    guard case .call(let call)? = missing else {
      throw InvocationFailure.call(.init(.credentials(.init(""))))
    }
    #expect(call.error.code == "ResourceNotFoundException")
  }

  @Test func linesOfALog() async throws {
    let service = FakeService { _, number in
      .json(
        number == 1
          ? #"{"events": [{"eventId": "1", "logStreamName": "s", "timestamp": 1500, "message": "a\n"}], "nextToken": "t"}"#
          : #"{"events": []}"#)
    }
    let logs = try Logs(in: .frankfurt, dependencies(service))
    var found: [LogEvent] = []
    try await logs.events(in: "/aws/lambda/f", matching: "ERROR", from: UnixTime(seconds: 1)) { page in
      found += page
      return true
    }
    #expect(found.map(\.message) == ["a\n"] && found[0].time.seconds == 1.5 && service.calls.count == 2)
    #expect(service.calls[0].body["startTime"] == "1000" && service.calls[1].body["nextToken"] == "t")
  }
}
