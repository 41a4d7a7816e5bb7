import AWSClient
import ArgumentParser

/// Ends an execution.
struct Stop: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stops an execution; commands that it has running on hosts are cancelled.")

  @Argument(help: "A beginning of its name (default: the newest).")
  var execution: String?

  @Option(help: "Why, for the execution's record.")
  var reason = "stopped with sdwan stop"

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let found = try await tool.execution(execution)
    guard found.status == .running else {
      throw .use("\(found.name) is not running: it has \(found.status.rawValue)")
    }
    try await asked { () throws(FailedCall) in
      try await tool.machines.stop(found.arn, error: "Operator.Stopped", cause: reason)
    }
    tool.screen.say("\(found.name) was stopped; its commands on hosts are being cancelled")
    return .asWanted
  }
}
