import ArgumentParser

/// Asks the routers now.
struct Verify: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks the routers now (phase 3 alone); changes nothing.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @OptionGroup var repeating: RepeatOptions
  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    if !routers.isEmpty {
      let network = try await NetworkConfiguration(tool)
      for name in routers { _ = try network.router(name) }
    }
    return try await tool.repeated(repeating, every: .seconds(30)) { () throws(ToolError) in
      let result = await tool.whole(
        try await tool.call("phase3", routers.isEmpty ? [:] : ["instances": routers]))
      return try tool.page(nil, [result], only: routers)
    }
  }
}
