import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Synchronization
import Testing
import Zip

@testable import Orchestration

/// Lambda as its documentation has it: a change takes a while, and until then there is no other.
private final class SlowLambda: Sendable {
  struct State: Sendable {
    var exists = false
    /// Looks until what was begun has taken effect.
    var busy = 0
    var log: [String] = []
    var refusals = 0
    var fails = false
  }
  let state: Mutex<State>

  init(exists: Bool, roleRefusals: Int = 0, fails: Bool = false) {
    state = Mutex(State(exists: exists, refusals: roleRefusals, fails: fails))
  }

  func functions() throws -> Functions {
    let service = FakeService { call, _ in self.state.withLock { Self.answer(call.request, &$0) } }
    return try Functions(in: .virginia, service.dependencies(VirtualClock().clock()))
  }

  private static func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
    let path = request.url.split(separator: "/2015-03-31/").last.map(String.init) ?? ""
    let key = "\(request.method.rawValue) \(path)"
    if key == "GET functions/f/configuration" {
      guard state.exists else { return .error("ResourceNotFoundException", status: 404) }
      state.busy -= 1
      let status = state.fails ? "Failed" : state.busy >= 0 ? "InProgress" : "Successful"
      return .json(
        #"{"FunctionArn": "arn:f", "CodeSha256": "sha", "State": "Active", "LastUpdateStatus": "\#(status)", "LastUpdateStatusReason": "no image"}"#
      )
    }
    if state.busy > 0 { return .error("ResourceConflictException", status: 409) }
    state.log.append(key)
    switch key {
    case "POST functions":
      state.refusals -= 1
      if state.refusals >= 0 {
        return HTTPResponse(
          status: 400, headers: ["x-amzn-errortype": "InvalidParameterValueException:http://x"],
          body: Array(#"{"message": "The role defined for the function cannot be assumed by Lambda."}"#.utf8))
      }
      state.exists = true
      state.busy = 3
    case "PUT functions/f/configuration", "PUT functions/f/code": state.busy = 3
    case "POST functions/f/versions": return .json(#"{"Version": "7"}"#)
    default: return .error("InvalidParameterValueException", status: 400)
    }
    return .json(#"{"FunctionArn": "arn:f"}"#)
  }
}

@Suite struct FunctionDeploymentTests {
  private let function = FunctionSpecification(name: "f", role: "arn:r", zip: [80, 75])

  @Test func aNewOne() async throws {
    let lambda = SlowLambda(exists: false, roleRefusals: 2)
    let deployed = try await lambda.functions().deploy(function)
    #expect(deployed == DeployedFunction(arn: "arn:f", version: "7", isNew: true))
    let log = lambda.state.withLock { $0.log }
    #expect(log == Array(repeating: "POST functions", count: 3) + ["POST functions/f/versions"])
  }

  /// Each change waits until the one before has taken effect, else Lambda says ResourceConflictException; the version is
  /// last.
  @Test func anotherOne() async throws {
    let lambda = SlowLambda(exists: true)
    let deployed = try await lambda.functions().deploy(function)
    #expect(!deployed.isNew)
    #expect(
      lambda.state.withLock { $0.log } == [
        "PUT functions/f/configuration", "PUT functions/f/code", "POST functions/f/versions",
      ])
  }

  @Test func oneThatCannotBe() async throws {
    let failed = await #expect(throws: DeploymentFailure.self) {
      try await SlowLambda(exists: true, fails: true).functions().deploy(function)
    }
    #expect(failed?.description.contains("no image") == true)
    let late = await #expect(throws: DeploymentFailure.self) {
      try await SlowLambda(exists: false, roleRefusals: 1000).functions().deploy(
        function, limit: .seconds(20))
    }
    #expect(late?.description.contains("the time is over") == true)
  }

  @Test func listsAndDeletions() async throws {
    let service = FakeService { call, number in
      call.request.method == .get
        ? .json(
          number == 1
            ? #"{"Functions": [{"FunctionName": "a"}], "NextMarker": "m/1"}"#
            : #"{"Functions": [{"FunctionName": "b"}]}"#)
        : .error("ResourceNotFoundException", status: 404)
    }
    let functions = try Functions(in: .virginia, service.dependencies(VirtualClock().clock()))
    #expect(try await functions.list() == ["a", "b"])
    #expect(service.calls[1].request.url.hasSuffix("functions?Marker=m%2F1"))
    try await functions.delete("a")
  }

  /// The lines of one invocation, those of its neighbors in the same log not among them.
  @Test func linesOfOneInvocation() async throws {
    let lines = [
      ("s", 1, "START RequestId: 0"), ("s", 2, "END RequestId: 0"), ("s", 3, "START RequestId: 1"),
      ("t", 4, "other"), ("s", 5, "mine, unnamed"), ("s", 6, "END RequestId: 1"),
      ("s", 7, "START RequestId: 2"),
      ("s", 8, "theirs"),
    ]
    let service = FakeService { call, _ in
      let pattern = call.body["filterPattern"]?.trimmingCharacters(in: ["\""])
      let from = Int(call.body["startTime"] ?? "0") ?? 0
      let found = lines.filter {
        $0.1 * 1000 >= from && (pattern == nil || $0.2.contains("RequestId: \(pattern ?? "")"))
      }
      let events = found.map {
        #"{"logStreamName": "\#($0.0)", "timestamp": \#($0.1 * 1000), "message": "\#($0.2)"}"#
      }
      return .json(#"{"events": [\#(events.joined(separator: ","))]}"#)
    }
    let logs = try Logs(in: .virginia, service.dependencies(VirtualClock().clock()))
    let found = try await logs.lines(ofInvocation: "1", in: "/aws/lambda/f")
    #expect(found.map(\.message) == ["START RequestId: 1", "mine, unnamed", "END RequestId: 1"])
  }

  @Test func aZipByItsBytes() throws {
    var one = ZipArchive()
    try one.add("bootstrap", mode: 0o755, Array("#!/bin/sh\n".utf8))
    #expect(one.finished().starts(with: [0x50, 0x4B, 3, 4]) && one.finished().count > 100)
  }
}
