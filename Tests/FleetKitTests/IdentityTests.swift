import AWSClient
import Groundwork
import HTTPClient
import Synchronization
import FleetTesting
import Testing

@testable import FleetKit
@testable import SSMKit

/// Whose answer it is decides; the words in it may be anything.
@Suite struct IdentityTests {
  private static let id = "i-0123456789abcdef0"
  private let clock = VirtualClock()

  private func run(_ service: FakeService, event: String = "{}") async throws -> TargetResult<NoDetails> {
    try await OneCommand.run(service, clock.clock(), event: event, timeout: .seconds(30))
  }

  /// A service whose first answers to polls are `strange`, and then the right one.
  private func service(_ strange: [String]) -> FakeService {
    FakeService { call, number throws(HTTPError) in
      switch call.operation {
      case "SendCommand": return .json(#"{"Command":{"CommandId":"c-1"}}"#)
      case "CancelCommand": return .json("{}")
      default:
        let right =
          #"{"CommandId":"c-1","InstanceId":"\#(Self.id)","Status":"Success","StandardOutputContent":"right"}"#
        return .json(number <= strange.count ? strange[number - 1] : right)
      }
    }
  }

  @Test(arguments: [
    #"{"CommandId":"c-2","InstanceId":"i-0123456789abcdef0","Status":"Failed"}"#,
    #"{"CommandId":"c-1","InstanceId":"i-0123456789abcdef1","Status":"Failed"}"#,
    #"{"CommandId":17,"InstanceId":"i-0123456789abcdef0","Status":"Failed"}"#,
    #"{"CommandId":"c-1","Status":"Failed"}"#, #"{"Status":"Success"}"#,
    #"{"CommandId":"c-1\ud83d","InstanceId":"i-0123456789abcdef0","Status":"Failed"}"#,
    #"{"CommandId":"c-1","InstanceId":"i-0123456789abcdef0","Status":["Failed"]}"#,
    #"{"CommandId":"c-1","InstanceId":"i-0123456789abcdef0","Status":null}"#,
  ])
  func anAnswerAboutSomethingElseIsNone(strange: String) async throws {
    let service = service([strange, strange])
    let result = try await run(service)
    #expect(result.status == .success && result.stdout == "right" && result.commandID == "c-1")
    #expect(service.count(of: "GetCommandInvocation") == 3)
  }

  @Test func whatNeverComesIsTold() async throws {
    let other = #"{"CommandId":"c-2","InstanceId":"\#(Self.id)","Status":"Success"}"#
    let result = try await run(service(Array(repeating: other, count: 100)))
    #expect(result.status == .timedOut && result.stderr.contains("not an answer to this request"))
  }

  @Test(arguments: [
    #""StatusDetails":5"#, #""StatusDetails":null"#, #""ResponseCode":"seven""#, #""ResponseCode":1.5"#,
    #""Comment":[1]"#,
    #""StandardErrorContent":{"a":1}"#, #""StandardErrorContent":null"#, #""ExecutionStartDateTime":17"#,
  ])
  func wordsMayBeAnything(field: String) async throws {
    let strange =
      #"{"CommandId":"c-1","InstanceId":"\#(Self.id)","Status":"Success","StandardOutputContent":"half \ud83d",\#(field)}"#
    let result = try await run(service([strange]))
    #expect(result.status == .success && result.stdout == "half \u{FFFD}")
  }

  /// A command of another execution under our id, as a forged state would have it.
  @Test func aCommandOfAnotherExecution() async throws {
    let mark = CommandMark(
      execution: "arn:run-1", purpose: ["phase2", "r", "0"], content: "0123456789", instances: [])
    let other = CommandMark(
      execution: "arn:run-2", purpose: ["phase2", "r", "0"], content: "0123456789", instances: [])
    func answer(_ comment: String) -> String {
      #"{"CommandId":"c-1","InstanceId":"\#(Self.id)","Comment":"\#(comment)","Status":"Success","StandardOutputContent":"x"}"#
    }
    let strange = [answer("phase2 r \(other.text)"), answer("somebody's own")]
    let service = service(strange + [answer("phase2 r \(mark.text)")])
    #expect(try await run(service, event: #"{"execution": "arn:run-1", "retry_count": 0}"#).stdout == "x")
    #expect(service.count(of: "GetCommandInvocation") == 3)
  }

  /// The answer to somebody else's SendCommand says nothing about ours: it is looked for.
  @Test(arguments: [
    #""CommandId":"c-9","Comment":"another""#, #""CommandId":"c-9","InstanceIds":["i-0123456789abcdef1"]"#,
    #""CommandId":"""#, #""CommandId":9"#,
  ])
  func anotherSendCommand(fields: String) async throws {
    let comment = Mutex("")
    let service = FakeService { call, number throws(HTTPError) in
      switch call.operation {
      case "SendCommand":
        comment.withLock { $0 = call.body["Comment"] ?? "" }
        return .json("{\"Command\":{\(fields)}}")
      case "ListCommands":
        let strange = #"{"CommandId":7},5,{"Comment":"x"},{"CommandId":"old","Comment":[]}"#
        return .json(
          #"{"Commands":[\#(strange),{"CommandId":"c-1","Comment":"\#(comment.withLock { $0 })"}]}"#)
      default:
        return .json(
          #"{"CommandId":"c-1","InstanceId":"\#(Self.id)","Status":"Success","StandardOutputContent":"right"}"#
        )
      }
    }
    let result = try await run(service)
    #expect(result.commandID == "c-1" && result.stdout == "right")
    #expect(service.count(of: "SendCommand") == 1)
  }

  @Test func aStrangeEntryIsSkipped() async throws {
    let service = FakeService { call, _ throws(HTTPError) in
      call.operation == "GetParametersByPath"
        ? .json(
          #"{"Parameters":[{"Name":7},{"Name":"/sdwan/a/outside-eip","Value":[]},4,{"Name":"/sdwan/a/instance-id","Value":"i"}]}"#
        )
        : .json(
          #"{"InstanceInformationList":[{"InstanceId":5},{"InstanceId":"\#(Self.id)","PingStatus":6}]}"#)
    }
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(clock.clock()))
    let found = try await ParameterStore(client).read(
      below: "/sdwan", in: .virginia, latest: .never, into: [String]()
    ) { $0.append("\($1.name)=\($1.value)") }
    #expect(found == ["/sdwan/a/instance-id=i"])
    let id = try #require(InstanceID(Self.id))
    let seen = await ManagedInstances(client).waitUntilOnline(
      [id], in: .virginia, limit: .zero, latest: .never)
    #expect(seen == [id: .offline("unknown")])
  }
}
