import ArgumentParser
import Groundwork
import Orchestration

/// What the newest execution found.
struct Status: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "The newest execution and the last verdict on each router.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @OptionGroup var repeating: RepeatOptions
  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try await tool.repeated(repeating, every: .seconds(5)) { () throws(ToolError) in
      let (newest, verdicts, unverified) = try await tool.verdicts()
      return try StatusPage(
        newest, verdicts, unverified: unverified, at: tool.place, on: tool.screen, only: routers)
    }
  }
}
