import ArgumentParser
import Groundwork

/// Gives routers the configuration back that they had before.
struct Rollback: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives routers the configuration back that they had before phase 2's last change.")

  @Argument(help: "The routers.")
  var routers: [String] = []

  @Option(help: "The routers of this wave, as the newest execution had it.")
  var wave: String?

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard routers.isEmpty != (wave == nil) else {
      throw ValidationError("name routers, or a wave with --wave, and not both")
    }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let routers = try await members(tool)
    let network = try await NetworkConfiguration(tool)
    for name in routers { _ = try network.router(name) }
    try tool.confirm("roll back \(routers.joined(separator: ", "))?", yes)
    let result = try await tool.call("phase2", ["mode": "rollback", "instances": routers])
    if tool.screen.isJSON {
      tool.screen.say(
        json: Page(successCount: result.successCount, failed: result.failed, summary: result.summary))
    } else {
      for (name, router) in result.results.sorted(by: { $0.key < $1.key }) {
        let words = router.status == "Success" ? "rolled back" : router.stderr.oneLine(limit: 300)
        tool.screen.say("\(name)  \(words)")
      }
      tool.screen.say("\(result.successCount) of \(routers.count) routers rolled back.")
    }
    return result.failCount == 0 ? .asWanted : .unwell
  }

  private func members(_ tool: Tool) async throws(ToolError) -> [String] {
    guard let wave else { return routers }
    let waves = try await RunResults(try await tool.execution(nil), tool).facts.members
    guard let found = waves[wave] else {
      throw .use(
        "the newest execution has no wave \(wave)\(Words.meant(wave, among: waves.keys.sorted(), orAll: true))"
      )
    }
    return found
  }

  /// docs/schema/rollback.json.
  private struct Page: Encodable {
    var successCount: Int
    var failed: [String]
    var summary: String
  }
}

extension Tool {
  /// - Throws: ``ToolError`` where the operator says no, or can't be asked.
  func confirm(_ question: String, _ yes: Bool) throws(ToolError) {
    if yes { return }
    guard let ask = screen.console.ask else {
      throw .use("stdin is no terminal, so nobody can be asked: give --yes")
    }
    let answer = ask("\(question) [y/N] ")?.lowercased() ?? ""
    guard answer.hasPrefix("y") else { throw .use("nothing was done") }
  }
}
