import ArgumentParser
import Groundwork

/// An execution's result.
struct Show: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "An execution's result, or where it stands.")

  @Argument(help: "A beginning of its name, or @N for the one N before the newest (default: the newest).")
  var execution: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let run = try await RunResults(try await tool.described(try await tool.execution(execution).arn), tool)
    if !tool.screen.isJSON, !tool.screen.isQuiet {
      for stage in run.facts.stages {
        let took = Words.span((stage.ended ?? tool.clock.wall()) - stage.began)
        let mood: Screen.Mood? =
          stage.trouble != nil || stage.failed > 0 ? .bad : stage.ended == nil ? .busy : .good
        let words = stage.trouble ?? (stage.ended == nil ? "at work" : stage.summary)
        tool.screen.say("\(tool.screen.colored(stage.title, mood))  \(took)  \(words.oneLine(limit: 300))")
      }
      if let leftOut = run.output?.leftOut { tool.screen.say("\(leftOut) are in no wave") }
      if run.output == nil, let cause = run.execution.cause {
        tool.screen.wrapped("\(run.execution.error ?? ""): \(cause)", indent: 0).forEach(tool.screen.say)
      }
    }
    return try await tool.ended(run)
  }
}
