import ArgumentParser
import Groundwork
import Orchestration

/// What the newest execution found.
struct Status: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "The newest execution and the last verdict on each router.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let execution = try await tool.execution(nil)
    let results = try await RunResults(execution, tool)
    return try tool.page(execution, results.results(of: "phase3"), only: routers).show()
  }
}
