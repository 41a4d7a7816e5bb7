import ArgumentParser
import Groundwork
import Orchestration

/// Goes on where an execution ended.
struct Resume: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Goes on where an execution failed or was stopped, with what it was given.",
    discussion: "It is a new execution. Of one that was stopped the events say how far it came.")

  @Argument(help: "A beginning of its name, or @N for the one N before the newest (default: the newest).")
  var execution: String?

  @Flag(help: "Start it and return.")
  var detach = false

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var approvals: ApprovalOptions
  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let machine = try await Machine(tool)
    let run = try await RunResults(try await tool.described(try await tool.execution(execution).arn), tool)
    let position = try RunPosition(run, tool.global)
    if let other = try await tool.executions(of: machine.arn, .running, limit: 1).first {
      throw .use(
        "\(other.name.prefix(8)) is running: \(tool.global.verbs("watch")), or \(tool.global.verbs("stop")), first"
      )
    }
    if !tool.screen.isJSON {
      tool.screen.say(
        "\(run.execution.name.prefix(8)) \(run.execution.status.rawValue): goes on \(position.rest), with the same input"
      )
    }
    try tool.confirm("start it?", yes)
    let started = try await tool.start(machine, try Self.input(run.execution, position, tool.global))
    if detach {
      tool.tellStarted(started)
      return .asWanted
    }
    return try await tool.follow(started, approvals)
  }

  /// What the execution was given, from another place on.
  static func input(
    _ execution: Execution, _ position: RunPosition, _ global: GlobalOptions
  ) throws(ToolError) -> [String: any Encodable & Sendable] {
    guard let text = execution.input, case .object(let fields) = JSONText.read(RawJSON.self, Array(text.utf8))
    else {
      throw .use("what \(execution.name) was given is not known any more; \(global.verbs.anew), with --from")
    }
    var event: [String: any Encodable & Sendable] = fields
    // Without a place of its own it begins where that one was to begin.
    if let place = position.startAt { event["start_at"] = place }
    return event
  }
}
