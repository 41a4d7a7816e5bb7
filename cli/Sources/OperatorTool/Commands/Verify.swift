import ArgumentParser

/// Asks the routers now.
struct Verify: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks the routers now (phase 3 alone); changes nothing.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let result = try await tool.call("phase3", routers.isEmpty ? [:] : ["instances": routers])
    return try tool.page(nil, [result], only: routers).show()
  }
}
