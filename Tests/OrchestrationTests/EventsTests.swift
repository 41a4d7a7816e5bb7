import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Testing

@testable import Orchestration

@Suite struct EventsTests {
  private func events(_ answer: @escaping FakeService.Answer) throws -> (Events, FakeService) {
    let service = FakeService(answer)
    return (try Events(in: .virginia, service.dependencies(VirtualClock().clock())), service)
  }

  private func entries(_ call: FakeService.Call) -> [[String: Any]] {
    let body = (try? JSONSerialization.jsonObject(with: Data(call.request.body))) as? [String: Any]
    return body?["Entries"] as? [[String: Any]] ?? []
  }

  private static func answer(_ count: Int, failing: [Int: String] = [:]) -> HTTPResponse {
    let entries = (0..<count).map {
      failing[$0].map { #"{"ErrorCode": "\#($0)", "ErrorMessage": "no"}"# } ?? #"{"EventId": "e\#($0)"}"#
    }
    return .json(#"{"FailedEntryCount": \#(failing.count), "Entries": [\#(entries.joined(separator: ","))]}"#)
  }

  private func some(_ count: Int, detail: String = "{}") -> [BusEvent] {
    (0..<count).map { BusEvent(source: "me", type: "t\($0)", detail: detail) }
  }

  /// Ten a call, and 256 KB.
  @Test func parts() async throws {
    let (events, service) = try events { call, _ in
      let body = (try? JSONSerialization.jsonObject(with: Data(call.request.body))) as? [String: Any]
      return Self.answer((body?["Entries"] as? [Any])?.count ?? 0)
    }
    try await events.put(some(23))
    #expect(service.calls.map { entries($0).count } == [10, 10, 3])
    #expect(service.calls[0].request.headers["X-Amz-Target"] == "AWSEvents.PutEvents")
    let large = #"{"x": "\#(String(repeating: "y", count: 100_000))"}"#
    try await events.put(some(5, detail: large), on: "bus")
    #expect(service.calls.dropFirst(3).map { entries($0).count } == [2, 2, 1])
    #expect(entries(service.calls[3])[0]["EventBusName"] as? String == "bus")
  }

  /// One event of one too large, or without a JSON object: nothing is sent, and it is named.
  @Test(arguments: ["", "[]", "not json", "{\"a\": 1,}", "{\"a\": 1, \"a\": 2}"])
  func details(_ detail: String) async throws {
    let (events, service) = try events { _, _ in Self.answer(1) }
    let failure = await #expect(throws: EventsFailure.self) {
      try await events.put(some(2) + [BusEvent(source: "me", type: "bad", detail: detail)])
    }
    #expect(failure?.description.contains("event 2, bad") == true && service.calls.isEmpty)
    let long = #"{"x": "\#(String(repeating: "y", count: 256 << 10))"}"#
    let tooLong = await #expect(throws: EventsFailure.self) { try await events.put(some(1, detail: long)) }
    #expect(tooLong?.description.contains("262144") == true && service.calls.isEmpty)
    await #expect(throws: EventsFailure.self) {
      try await events.put([BusEvent(source: "aws.ec2", type: "t", detail: "{}")])
    }
  }

  /// HTTP 200 with failed entries is a failure; what is refused for load is put again, alone.
  @Test func failedEntries() async throws {
    let (events, service) = try events { _, number in
      switch number {
      case 1: Self.answer(3, failing: [1: "ThrottlingException"])
      case 2: Self.answer(1)
      case 3: Self.answer(3, failing: [0: "NotAuthorizedForDetailTypeException"])
      default: Self.answer(1, failing: [0: "InternalFailure"])
      }
    }
    try await events.put(some(3))
    #expect(entries(service.calls[1]).map { $0["DetailType"] as? String } == ["t1"])
    let failure = await #expect(throws: EventsFailure.self) { try await events.put(some(3)) }
    #expect(failure == .entries([.init(id: "0", code: "NotAuthorizedForDetailTypeException", message: "no")]))
    #expect(service.calls.count == 3)
    await #expect(throws: EventsFailure.self) { try await events.put(some(1)) }
    #expect(service.calls.count == 6)
  }

  @Test func aRulesTargetsGoFirst() async throws {
    let (events, service) = try events { call, _ in
      switch call.operation {
      case "ListTargetsByRule":
        .json(#"{"Targets": [{"Id": "a", "Arn": "arn:a"}, {"Id": "b", "Arn": "arn:b"}]}"#)
      case "RemoveTargets": .json(#"{"FailedEntryCount": 0, "FailedEntries": []}"#)
      // An operation without an output answers with an empty body.
      default: .json("")
      }
    }
    try await events.delete(rule: "r", on: "bus")
    #expect(service.calls.map(\.operation) == ["ListTargetsByRule", "RemoveTargets", "DeleteRule"])
    #expect(service.calls[2].body["Name"] == "r" && service.calls[2].body["EventBusName"] == "bus")
    let (none, _) = try self.events { _, _ in .error("ResourceNotFoundException") }
    try await none.delete(rule: "r")
    await #expect(throws: EventsFailure.self) { try await none.enable(rule: "r") }
  }

  @Test func targetsThatWereNotTaken() async throws {
    let (events, service) = try events { call, number in
      call.operation == "PutTargets"
        ? .json(
          number == 1
            ? #"{"FailedEntryCount": 1, "FailedEntries": [{"TargetId": "t", "ErrorCode": "LimitExceeded", "ErrorMessage": "five"}]}"#
            : #"{"FailedEntryCount": 0, "FailedEntries": []}"#)
        : .json(#"{"RuleArn": "arn:r"}"#)
    }
    let failure = await #expect(throws: EventsFailure.self) {
      try await events.put(targets: [EventTarget("t", arn: "arn:t")], of: "r")
    }
    #expect(failure == .entries([.init(id: "t", code: "LimitExceeded", message: "five")]))
    try await events.put(targets: (0..<12).map { EventTarget("t\($0)", arn: "arn:t") }, of: "r")
    #expect(service.count(of: "PutTargets") == 3)
    #expect(try await events.put(EventRule("r", pattern: .monitoring())) == "arn:r")
    #expect(service.calls.last?.body["EventPattern"] == #"{"source":["eks-upgrade-agent"]}"#)
    var both = EventRule("r", schedule: "rate(1 day)")
    both.pattern = "{}"
    let two = both
    await #expect(throws: EventsFailure.self) { try await events.put(two) }
  }

  @Test func rulesPageByPage() async throws {
    let (events, service) = try events { _, number in
      .json(
        #"{"Rules": [{"Name": "r\#(number)", "Arn": "arn:r", "State": "\#(number == 1 ? "ENABLED" : "DISABLED")"}]\#(number < 3 ? #", "NextToken": "t\#(number)""# : "")}"#
      )
    }
    let rules = try await events.rules("r")
    #expect(rules.map(\.isEnabled) == [true, false, false] && service.calls[2].body["NextToken"] == "t2")
  }

  @Test func patterns() {
    #expect(
      EventPattern.failedExecutions(of: "arn:m").text
        == #"{"detail":{"stateMachineArn":["arn:m"],"status":["FAILED","TIMED_OUT","ABORTED"]},"detail-type":["Step Functions Execution Status Change"],"source":["aws.states"]}"#
    )
    #expect(EventPattern.rollbackNotification().text.contains("rollback.triggered"))
  }
}
