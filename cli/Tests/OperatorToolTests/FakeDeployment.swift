import AWSClient
import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Orchestration
import SDWAN
import Synchronization
import Testing

@testable import OperatorTool

/// A deployment of one machine with one execution, whose events come as the time passes; its functions answer as a test says, and
/// its secrets are kept. What the tool prints is kept, too.
final class FakeDeployment: Sendable {
  /// What an execution's history holds from a moment on.
  struct Moment: Sendable {
    /// Seconds after the execution's start.
    var at: Double
    var type: String
    /// JSON, behind `…EventDetails`.
    var details = "{}"
  }

  struct State: Sendable {
    var moments: [Moment] = []
    var status = "RUNNING"
    /// When it ends by itself; never, where it is nil.
    var end: Double?
    /// JSON fields of its description, behind a comma.
    var more = ""
    var secrets: [String: [String]] = [:]
    /// By function and mode, e.g. `phase2 plan`.
    var functions: [String: [String]] = [:]
    var tokens: [String] = []
    /// What lies in S3, by the end of its key.
    var objects: [String: String] = [:]
    /// Calls that get no answer, by their operation.
    var lost: [String: Int] = [:]
    var invoked: [String] = []
    var printed = ""
    var complaints = ""
    var questions: [String] = []
    /// Inputs of executions that were started.
    var started: [String] = []
  }

  let clock = VirtualClock()
  let state: Mutex<State>
  let definition: String

  init(isRollout: Bool = true, _ moments: [Moment] = [], end: Double? = nil, status: String = "RUNNING") {
    definition = isRollout ? #"{\"States\": {\"Admit\": {}}}"# : #"{\"States\": {\"Phase1\": {}}}"#
    state = Mutex(State(moments: moments, status: status, end: end))
  }

  var printed: String { state.withLock { $0.printed } }
  var complaints: String { state.withLock { $0.complaints } }

  /// - Parameters:
  ///   - answer: of the operator; nil where nobody can be asked.
  ///   - size: of the terminal; nil where there is none.
  ///   - system: what its deployment is usually called; nil for the SD-WAN.
  func tool(
    _ arguments: [String] = [], answer: String? = nil, size: (columns: Int, rows: Int)? = nil,
    of system: String? = nil
  ) throws -> Tool {
    let service = FakeService { call, _ throws(HTTPError) in try self.answer(call) }
    var console = Console(
      write: { text in self.state.withLock { $0.printed += text } }, size: { size },
      complain: { text in self.state.withLock { $0.complaints += text + "\n" } })
    if let answer {
      console.ask = { question in
        self.state.withLock { $0.questions.append(question) }
        return answer
      }
    }
    let given = try GlobalOptions.parse(arguments)
    let global = system.map(given.of) ?? given
    return try Tool(
      global, .virginia, Screen(global, { _ in nil }, console), service.dependencies(clock.clock()),
      origin: { () throws(AWSError) in "a test" })
  }

  // MARK: Services

  private func answer(_ call: FakeService.Call) throws(HTTPError) -> HTTPResponse {
    let isLost = state.withLock { state in
      guard let left = state.lost[call.operation], left > 0 else { return false }
      state.lost[call.operation] = left - 1
      return true
    }
    if isLost { throw HTTPError(.connection, message: "no way there") }
    if call.operation.isEmpty { return function(call.request) }
    switch call.operation {
    case "ListStateMachines":
      return .json(
        #"{"stateMachines": [{"stateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:sdwan", "name": "sdwan", "type": "STANDARD"}]}"#
      )
    case "DescribeStateMachine":
      return .json(
        #"{"stateMachineArn": "arn:m", "name": "sdwan", "definition": "\#(definition)", "roleArn": "arn:r"}"#)
    case "ListExecutions": return .json(#"{"executions": [\#(execution)]}"#)
    case "StartExecution":
      state.withLock { $0.started.append(call.body["input"] ?? "") }
      return .json(#"{"executionArn": "arn:aws:states:us-east-1:1:execution:sdwan:9f3a21bc-1"}"#)
    case "DescribeExecution": return .json(execution)
    case "GetExecutionHistory": return history(call.body["reverseOrder"] == "1")
    case "SendTaskSuccess", "SendTaskFailure":
      state.withLock { $0.tokens.append("\(call.operation) \(call.body["taskToken"] ?? "")") }
      return .json("{}")
    case "GetParameter", "PutParameter", "DeleteParameter": return secret(call)
    default: return .error("UnknownOperationException")
    }
  }

  private var hasEnded: Bool {
    state.withLock { state in state.end.map { $0 <= clock.elapsed.inSeconds } ?? false }
  }

  private var execution: String {
    let (status, more) = state.withLock { ($0.status, $0.more) }
    let isOver = hasEnded
    let begin = VirtualClock.start.seconds
    return """
      {"executionArn": "arn:aws:states:us-east-1:1:execution:sdwan:9f3a21bc-1", "name": "9f3a21bc-1",
       "stateMachineArn": "arn:m", "status": "\(isOver ? status : "RUNNING")", "startDate": \(begin)
       \(isOver ? ", \"stopDate\": \(begin + clock.elapsed.inSeconds)\(more)" : "")}
      """
  }

  private func history(_ isReversed: Bool) -> HTTPResponse {
    let now = clock.elapsed.inSeconds
    let events = state.withLock { $0.moments }.enumerated().filter { $0.element.at <= now }
      .map { $0.element.json($0.offset) }
    return .json(#"{"events": [\#((isReversed ? events.reversed() : events).joined(separator: ","))]}"#)
  }

  private func function(_ request: HTTPRequest) -> HTTPResponse {
    if request.url.contains("s3.") {
      let found = state.withLock { state in state.objects.first { request.url.hasSuffix($0.key) }?.value }
      return found.map { .json($0) }
        ?? HTTPResponse(status: 404, body: Array("<Error><Code>NoSuchKey</Code></Error>".utf8))
    }
    let name = request.url.split(separator: "/").first { $0.hasPrefix("sdwan-") }.map(String.init) ?? ""
    if request.url.hasSuffix("configuration") { return .json(#"{"FunctionArn": "arn:\#(name)"}"#) }
    let event = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
    let key = "\(name.dropFirst("sdwan-".count))\((event["mode"] as? String).map { " \($0)" } ?? "")"
    return state.withLock { state in
      state.invoked.append(key)
      // The last answer is given again and again.
      guard var answers = state.functions[key], let answer = answers.first else {
        return .error("ResourceNotFoundException", status: 404)
      }
      if answers.count > 1 { answers.removeFirst() }
      state.functions[key] = answers
      return .json(answer)
    }
  }

  private func secret(_ call: FakeService.Call) -> HTTPResponse {
    let region = call.request.url.contains("eu-central-1") ? "eu-central-1" : "us-east-1"
    let name = "\(region) \(call.body["Name"] ?? "")"
    return state.withLock { state in
      let known = state.secrets[name] ?? []
      switch call.operation {
      case "GetParameter":
        guard let value = known.last else { return .error("ParameterNotFound") }
        return .json(#"{"Parameter": {"Name": "x", "Value": "\#(value)", "Version": \#(known.count)}}"#)
      case "PutParameter":
        guard known.isEmpty || call.body["Overwrite"] == "1" else { return .error("ParameterAlreadyExists") }
        state.secrets[name] = known + [call.body["Value"] ?? ""]
        return .json("{}")
      default:
        state.secrets[name] = nil
        return .json("{}")
      }
    }
  }
}

extension FakeDeployment.Moment {
  /// As Step Functions tells it.
  func json(_ index: Int) -> String {
    let name =
      type.hasSuffix("StateEntered")
      ? "stateEntered"
      : type.hasSuffix("StateExited") ? "stateExited" : type.prefix(1).lowercased() + type.dropFirst()
    return """
      {"id": \(index + 1), "previousEventId": \(index), "timestamp": \(VirtualClock.start.seconds + at), \
      "type": "\(type)", "\(name)EventDetails": \(details)}
      """
  }

  static func entered(_ state: String, at time: Double, kind: String = "Task") -> Self {
    Self(at: time, type: "\(kind)StateEntered", details: #"{"name": "\#(state)"}"#)
  }

  static func exited(_ state: String, at time: Double) -> Self {
    Self(at: time, type: "TaskStateExited", details: #"{"name": "\#(state)"}"#)
  }

  /// An event of the engine.
  /// - Parameter detail: JSON, without its braces.
  static func told(_ type: String, at time: Double, _ detail: String, waits: Bool = false) -> Self {
    let parameters =
      #"{"Entries": [{"Source": "sdwan", "DetailType": "SD-WAN \#(type)", "Detail": {\#(detail)}}]}"#
    let quoted = parameters.replacing("\"", with: "\\\"")
    return Self(
      at: time, type: "TaskScheduled",
      details: #"{"resource": "putEvents\#(waits ? ".waitForTaskToken" : "")", "parameters": "\#(quoted)"}"#)
  }

  /// A function's answer, in Lambda's frame.
  static func answered(_ payload: String, at time: Double) -> Self {
    let quoted = #"{"Payload": \#(payload)}"#.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return Self(
      at: time, type: "TaskSucceeded", details: #"{"output": "\#(quoted.replacing("\n", with: " "))"}"#)
  }
}
