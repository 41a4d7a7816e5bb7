import AWSClient
import ArgumentParser
import Orchestration

/// Ends an execution.
struct Stop: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stops an execution; commands that it has running on hosts are cancelled.")

  @Argument(help: "A beginning of its name (default: the newest).")
  var execution: String?

  @Option(help: "Why, for the execution's record.")
  var reason: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let found = try await tool.execution(execution)
    guard found.status == .running else {
      throw .use("\(found.name) is not running: it has \(found.status.rawValue)")
    }
    try await asked { () throws(FailedCall) in
      try await tool.machines.stop(
        found.arn, error: "Operator.Stopped", cause: reason ?? "stopped with \(tool.global.verbs("stop"))")
    }
    if tool.screen.isJSON {
      tool.screen.say(json: Page(execution: found.name, status: Execution.Status.aborted.rawValue))
    } else {
      tool.screen.say("\(found.name.prefix(8)) was stopped; its commands on hosts are being cancelled.")
    }
    return .asWanted
  }

  /// docs/schema/stop.json.
  private struct Page: Encodable {
    var execution: String
    var status: String
  }
}
