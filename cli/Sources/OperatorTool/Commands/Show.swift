import ArgumentParser

/// An execution's result.
struct Show: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "An execution's result, or where it stands.")

  @Argument(help: "A beginning of its name, or @N for the one N before the newest (default: the newest).")
  var execution: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let whole = try await tool.described(try await tool.execution(execution).arn)
    let results = try await RunResults(whole, tool)
    let phases = ["phase1", "phase2"].flatMap { results.results(of: $0) }
    if !tool.screen.isJSON {
      for phase in phases { tool.screen.say("\(phase.phase)  \(phase.summary)") }
      if let cause = whole.cause { tool.screen.say("cause   \(whole.error ?? ""): \(cause)") }
    }
    return try tool.page(whole, results.results(of: "phase3")).show()
  }
}
