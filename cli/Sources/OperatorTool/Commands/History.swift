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

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let machine = try await tool.machine()
    var all = try await tool.executions(of: machine, failed ? .failed : nil, limit: max(last, 1))
    if let since {
      guard let span = Self.span(since) else {
        throw .use("--since is a time like 90m, 12h or 2d, not \"\(since)\"")
      }
      let begin = tool.clock.wall() - span
      all = all.filter { begin < $0.started }
    }
    if tool.screen.isJSON {
      tool.screen.say(json: Page(executions: all.map(Row.init)))
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

  private struct Page: Encodable { var executions: [Row] }

  private struct Row: Encodable {
    var name: String
    var status: String
    var started: String
    var stopped: String?

    init(_ execution: Execution) {
      name = execution.name
      status = execution.status.rawValue
      started = execution.started.utc.extended
      stopped = execution.stopped?.utc.extended
    }
  }

  static func span(_ text: String) -> Duration? {
    guard let unit = text.last, let number = Int(text.dropLast()), number > 0 else { return nil }
    return switch unit {
    case "s": .seconds(number)
    case "m": .seconds(number * 60)
    case "h": .seconds(number * 3600)
    case "d": .seconds(number * 86_400)
    default: nil
    }
  }
}
