import ArgumentParser
import Groundwork
import Orchestration

/// Past executions.
struct History: OperatorCommand {
  static let configuration = CommandConfiguration(abstract: "Past executions, the newest first.")

  @Option(help: "Only those of the last time: 90m, 12h, 2d.")
  var since: String?

  @Flag(help: "Only those that failed.")
  var failed = false

  @Option(help: "How many at most.")
  var last = 20

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let since, Words.duration(since) == nil {
      throw ValidationError("--since is a time like 90m, 12h or 2d, not \"\(since)\"")
    }
    if !(1...10_000).contains(last) {
      throw ValidationError("--last is a number from 1 to 10000, not \(last)")
    }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let machine = try await tool.machine()
    // Also what was stopped, or ran out of time, has not succeeded.
    var all: [Execution] = []
    for status in failed ? [.failed, .timedOut, .aborted] : [Execution.Status?.none] {
      all += try await tool.executions(of: machine, status, limit: last)
    }
    all = Array(all.sorted { $1.started < $0.started }.prefix(last))
    if let span = since.flatMap({ Words.duration($0) }) {
      let begin = tool.clock.wall() - span
      all = all.filter { begin < $0.started }
    }
    if tool.screen.isJSON {
      tool.screen.say(json: Page(executions: all.map(StatusPage.Run.init)))
      return .asWanted
    }
    guard !all.isEmpty else {
      tool.screen.say("no execution\(since.map { " in the last \($0)" } ?? "")")
      return .asWanted
    }
    var table = Table("EXECUTION", "STATUS", "TOOK", "STARTED")
    for one in all {
      let mood: Screen.Mood? = one.status == .succeeded ? .good : one.status == .running ? .busy : .bad
      let took = one.stopped.map { Words.span($0 - one.started) } ?? "-"
      table.add(
        .init(String(one.name.prefix(8))), .init(one.status.rawValue, mood), .init(took, isRight: true),
        .init("\(one.started.utc.toTheSecond), \(Words.ago(tool.clock.wall() - one.started))"))
    }
    table.lines(on: tool.screen).forEach(tool.screen.say)
    return .asWanted
  }

  /// docs/schema/history.json.
  private struct Page: Encodable { var executions: [StatusPage.Run] }
}
