import ArgumentParser

/// Follows an execution.
struct Watch: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follows an execution to its end; Ctrl-C leaves it running.")

  @Argument(help: "A beginning of its name, or @N for the one N before the newest (default: the newest).")
  var execution: String?

  @OptionGroup var approvals: ApprovalOptions
  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try await tool.follow(try await tool.execution(execution).arn, approvals)
  }
}
