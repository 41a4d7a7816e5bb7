import ArgumentParser
import Foundation
import Groundwork

/// An execution as a page.
struct Report: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "An execution as one HTML file: picture, verdict, causes, changes, times.",
    discussion: "With --from it needs no AWS. The file holds no script and loads nothing from elsewhere.")

  @Argument(help: "A beginning of its name, or @N for the one N before the newest (default: the newest).")
  var execution: String?

  @Option(help: "Where to write it.")
  var html: String

  @Option(help: "A report's JSON, as scripts/run-local --report writes it, in place of an execution.")
  var from: String?

  @Option(help: "A topology's file, for --from.")
  var topology: String?

  @Option(help: "What the run took, as scripts/run-local --footprint writes it.")
  var footprint: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if from != nil, execution != nil {
      throw ValidationError("either an execution, or --from with a report's JSON")
    }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    var content = try await content(tool)
    if let topology { content.topology = try TopologyFile.read(topology) }
    if let footprint {
      content.footprint = try RunFootprint(file: try TopologyFile.bytes(footprint), named: footprint)
    }
    let page = ReportPage(content, now: tool.clock.wall()).html
    do {
      try Data(page.utf8).write(to: URL(fileURLWithPath: html), options: .atomic)
    } catch {
      throw .use("\(html) can't be written: \(error.localizedDescription)")
    }
    if tool.screen.isJSON {
      tool.screen.say(json: Written(report: html, verdict: content.verdict))
    } else {
      // Never cut: who copies the path needs all of it.
      tool.screen.console.write("report: \(html)\n")
    }
    return .asWanted
  }

  private struct Written: Encodable {
    var report: String
    var verdict: String
  }

  private func content(_ tool: Tool) async throws(ToolError) -> ReportContent {
    if let from {
      return try ReportContent(file: try TopologyFile.bytes(from), named: from, network: global.name)
    }
    return try await ReportContent(try await tool.described(try await tool.execution(execution).arn), tool)
  }
}
