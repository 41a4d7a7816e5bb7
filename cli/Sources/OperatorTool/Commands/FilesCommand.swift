import ArgumentParser
import Foundation
import Groundwork

/// Files that functions share on EFS.
struct FilesCommand: ParsableCommand {
  /// The deployment's name where nobody gives another: that of terraform/files.
  static let usualName = "shared-files"

  static let configuration = CommandConfiguration(
    commandName: "files", abstract: "The shared files: producer and consumer on EFS (terraform/files).",
    subcommands: [FilesDemo.self])
}

/// Shows that both functions have the same files.
struct FilesDemo: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Brings two files to EFS, has them read cold, warm and many times at once, and reports.",
    discussion: """
      A deployment is called shared-files unless --name says otherwise. Exit status 1: a request was not answered with 200, or \
      the readers did not agree. The first reading is a cold start where no process of the consumer was left.
      """)

  @Option(help: "The API's address (Terraform's output api_url); it is found by the deployment's name.")
  var url: String?

  @Option(help: "How many read at once.")
  var readers = 10

  @Option(help: "Write the report here, too, as JSON.")
  var report: String?

  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(FilesCommand.usualName) }

  func validate() throws {
    if !(1...100).contains(readers) {
      throw ValidationError("--readers is a number from 1 to 100, not \(readers)")
    }
    if let url, !url.hasPrefix("https://"), !url.hasPrefix("http://") {
      throw ValidationError("--url begins with https:// or http://, unlike \"\(url)\"")
    }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let system = try await SharedFilesSystem(tool, url: url)
    let result = try await FilesDemonstration(system, tool, readers: readers).run()
    if tool.screen.isJSON {
      tool.screen.say(json: result)
    } else {
      result.lines(on: tool.screen).forEach(tool.screen.say)
    }
    if let report { try write(result, to: report, tool.screen) }
    return result.isWell ? .asWanted : .unwell
  }

  private func write(_ result: FilesReport, to path: String, _ screen: Screen) throws(ToolError) {
    do {
      try Data(screen.json(result).utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw .use("the report can't be written to \(path): \(error.localizedDescription)")
    }
  }
}
