import AWSClient
import Foundation
import Groundwork
import HTTPClient
import Synchronization
import FleetTesting
import Testing

@testable import FleetKit
@testable import SSMKit

/// P10: a command has a structured result whatever happens, and a failure says why.
@Suite struct OneCommandTests {
  private let clock = VirtualClock()

  private func run(
    _ service: FakeService, document: CommandDocument? = nil, timeout: Duration = .seconds(300),
    latest: Deadline = .never
  ) async throws -> TargetResult<NoDetails> {
    try await OneCommand.run(
      service, clock.clock(), document: document, timeout: timeout, latest: latest)
  }

  /// A service that accepts the command and then answers polls.
  private func service(_ poll: @escaping FakeService.Answer) -> FakeService {
    FakeService { call, number throws(HTTPError) in
      switch call.operation {
      case "SendCommand": return .json(#"{"Command":{"CommandId":"c-1"}}"#)
      case "CancelCommand": return .json("{}")
      default: return try poll(call, number)
      }
    }
  }

  private static func invocation(
    _ status: String, _ details: String, code: Int = 0, of commandID: String = "c-1"
  ) -> HTTPResponse {
    .json(
      #"{"CommandId":"\#(commandID)","InstanceId":"i-0123456789abcdef0","Status":"\#(status)","StatusDetails":"\#(details)","ResponseCode":\#(code),"StandardOutputContent":"out","StandardErrorContent":""}"#
    )
  }

  @Test(arguments: [
    ("Success", "Success", CommandResult.Status.success), ("Failed", "Failed", .failed),
    ("Cancelled", "Cancelled", .failed),
    ("Failed", "Undeliverable", .failed), ("Cancelled", "Terminated", .failed),
    ("Failed", "AccessDenied", .failed),
    ("Failed", "InvalidPlatform", .failed), ("TimedOut", "DeliveryTimedOut", .timedOut),
    ("TimedOut", "Execution Timed Out", .timedOut), ("TimedOut", "Undeliverable", .failed),
    ("TimedOut", "", .timedOut),
    ("SomethingNew", "SomethingNew", .failed),
  ])
  func everyEnd(status: String, details: String, expected: CommandResult.Status) async throws {
    let result = try await run(
      service { _, _ throws(HTTPError) in Self.invocation(status, details, code: 7) })
    #expect(result.status == expected)
    #expect(result.commandID == "c-1")
    #expect(result.instanceID == "i-0123456789abcdef0")
    #expect(result.stdout == "out")
    #expect(result.stderr.isEmpty == (expected == .success))
    if expected != .success { #expect(result.stderr.contains(details.isEmpty ? status : details)) }
  }

  /// A document of several steps: the whole command's state counts.
  @Test(arguments: [
    ("Success", "Success", CommandResult.Status.success), ("Failed", "Failed", .failed),
    ("TimedOut", "DeliveryTimedOut", .timedOut),
  ])
  func severalSteps(status: String, details: String, expected: CommandResult.Status) async throws {
    let service = service { call, number throws(HTTPError) in
      guard call.operation == "ListCommands" else { return .error("InvalidPluginName") }
      let now = number < 4 ? ("InProgress", "InProgress") : (status, details)
      return .json(
        #"{"Commands":[{"CommandId":"c-1","Status":"\#(now.0)","StatusDetails":"\#(now.1)"}]}"#)
    }
    let result = try await run(service)
    #expect(result.status == expected)
    #expect(result.commandID == "c-1")
    #expect(result.stderr.isEmpty == (expected == .success))
    if expected != .success {
      #expect(result.stderr.contains(details) && result.stderr.contains("several steps"))
    }
    let list = try #require(service.calls.first { $0.operation == "ListCommands" })
    #expect(list.body["CommandId"] == "c-1")
    #expect(service.count(of: "SendCommand") == 1)
  }

  @Test(arguments: ["Pending", "InProgress", "Delayed", "Cancelling"])
  func runningIsNoEnd(status: String) async throws {
    let service = service { _, number throws(HTTPError) in
      number < 5 ? Self.invocation(status, status) : Self.invocation("Success", "Success")
    }
    #expect(try await run(service).status == .success)
    #expect(service.count(of: "GetCommandInvocation") == 5)
  }

  @Test func theRequest() async throws {
    let service = service { _, _ throws(HTTPError) in Self.invocation("Success", "Success") }
    _ = try await run(service, timeout: .seconds(123))
    let sent = try #require(service.calls.first)
    #expect(sent.body["TimeoutSeconds"] == "60")
    #expect(sent.body["DocumentName"] == "AWS-RunShellScript")
    let body = String(decoding: sent.request.body, as: UTF8.self)
    #expect(body.contains(#""executionTimeout":["123"]"#))
    #expect((sent.body["Comment"] ?? "").count <= 100)
    #expect(!sent.request.isRepeatable)
  }

  /// A document of somebody else gets its own parameters and no other: it may lack `executionTimeout`. The
  /// agent's own document has it, and its default is not ours.
  @Test(arguments: [
    ("Acme-Backup", ["to": ["s3"]], #"{"to":["s3"]}"#), ("Acme-Backup", [:], "{}"),
    (
      "AWS-RunShellScript", ["commands": ["id", "date"]],
      #"{"commands":["id","date"],"executionTimeout":["9"]}"#
    ),
    ("AWS-RunShellScript", ["executionTimeout": ["5"]], #"{"executionTimeout":["5"]}"#),
  ])
  func someDocument(name: String, parameters: [String: [String]], sent: String) async throws {
    let service = service { _, _ throws(HTTPError) in Self.invocation("Success", "Success") }
    _ = try await run(service, document: .named(name, parameters, within: .seconds(9)))
    let call = try #require(service.calls.first)
    #expect(call.body["DocumentName"] == name)
    let body = try JSONSerialization.jsonObject(with: Data(call.request.body)) as? [String: Any]
    let wanted = try JSONSerialization.jsonObject(with: Data(sent.utf8)) as? NSDictionary
    #expect(body?["Parameters"] as? NSDictionary == wanted)
  }

  @Test func unknownAtFirst() async throws {
    let service = service { _, number throws(HTTPError) in
      number < 4 ? .error("InvocationDoesNotExist") : Self.invocation("Success", "Success")
    }
    #expect(try await run(service).status == .success)
  }

  @Test func pausesGrowUpToTheLongest() async throws {
    let service = service { _, number throws(HTTPError) in
      Self.invocation(number < 20 ? "InProgress" : "Success", "")
    }
    _ = try await run(service)
    let pauses = clock.sleeps
    #expect(pauses.first == .seconds(0.9))
    #expect(pauses.last == .seconds(13.5))
    #expect(pauses == pauses.sorted())
  }

  @Test func ownTimeoutCancels() async throws {
    let service = service { _, _ throws(HTTPError) in Self.invocation("InProgress", "InProgress") }
    let result = try await run(service, timeout: .seconds(100))
    #expect(result.status == .timedOut)
    #expect(result.stderr.contains("100 s (SSM_TIMEOUT)"))
    // It is looked whether it stops.
    #expect(clock.elapsed >= .seconds(100) && clock.elapsed <= .seconds(103))
    #expect(service.count(of: "CancelCommand") == 1)
  }

  @Test func deadlineComesFirst() async throws {
    let service = service { _, _ throws(HTTPError) in Self.invocation("InProgress", "InProgress") }
    let result = try await run(service, timeout: .seconds(100), latest: Deadline(Instant(.seconds(20))))
    #expect(result.status == .timedOut)
    #expect(result.stderr.contains("deadline"))
    #expect(clock.elapsed >= .seconds(20) && clock.elapsed <= .seconds(20.8))
  }

  @Test func throttledPollsGoOn() async throws {
    let service = service { _, number throws(HTTPError) in
      number <= 9 ? .error("ThrottlingException") : Self.invocation("Success", "Success")
    }
    #expect(try await run(service).status == .success)
  }

  @Test func deniedPollsEnd() async throws {
    let service = service { _, _ throws(HTTPError) in .error("AccessDeniedException") }
    let result = try await run(service)
    #expect(result.status == .failed)
    #expect(result.commandID == "c-1")
    #expect(result.stderr.contains("AccessDeniedException"))
  }

  @Test func anInstanceThatIsOffline() async throws {
    let service = FakeService { _, _ throws(HTTPError) in .error("InvalidInstanceId") }
    let result = try await run(service)
    #expect(result.status == .failed)
    #expect(result.commandID.isEmpty)
    #expect(result.stderr.contains("not online"))
    #expect(service.calls.count == 1)
  }

  @Test(arguments: [1, 4])
  func aLostAnswerIsLookedUp(appearsAt listing: Int) async throws {
    let comment = Mutex("")
    let service = FakeService { call, number throws(HTTPError) in
      switch call.operation {
      case "SendCommand":
        comment.withLock { $0 = call.body["Comment"] ?? "" }
        throw HTTPError(.interrupted, message: "reset", mayHaveArrived: true)
      case "ListCommands":
        let mine = #",{"CommandId":"c-9","Comment":"\#(comment.withLock { $0 })"}"#
        return .json(#"{"Commands":[{"CommandId":"old","Comment":"x"}\#(number >= listing ? mine : "")]}"#)
      default: return Self.invocation("Success", "Success", of: "c-9")
      }
    }
    let result = try await run(service)
    #expect(result.status == .success)
    #expect(result.commandID == "c-9")
    #expect(service.count(of: "SendCommand") == 1)
    #expect(service.count(of: "ListCommands") == listing)
  }

  @Test func aCommandThatIsNowhereIsSentAnew() async throws {
    let service = FakeService { call, number throws(HTTPError) in
      switch call.operation {
      case "SendCommand" where number == 1: return .error("InternalServerError", status: 500)
      case "SendCommand": return .json(#"{"Command":{"CommandId":"c-2"}}"#)
      case "ListCommands": return .json(#"{"Commands":[]}"#)
      default: return Self.invocation("Success", "Success", of: "c-2")
      }
    }
    let result = try await run(service)
    #expect(result.commandID == "c-2")
    #expect(service.count(of: "SendCommand") == 2)
    #expect(clock.sleeps.reduce(.zero, +) >= CommandSender.searchTime)
    let comments = Set(
      service.calls.filter { $0.operation == "SendCommand" }.compactMap { $0.body["Comment"] })
    #expect(comments.count == 1)
  }
}
