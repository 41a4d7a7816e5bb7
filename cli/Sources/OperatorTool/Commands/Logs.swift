import ArgumentParser
import AWSClient
import Groundwork
import Orchestration

/// What the functions wrote.
struct LogsCommand: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What the functions wrote, by a router or a phase.",
    discussion: "Long lines are cut; -v shows them whole.")

  @Argument(help: "Only lines that name this router.")
  var router: String?

  @Option(help: "Only this phase: 1, 2 or 3.")
  var phase: Int?

  @Option(help: "Only lines of the last time: 90m, 12h, 2d.")
  var since = "1h"

  @Flag(help: "Go on until Ctrl-C.")
  var follow = false

  @OptionGroup var global: GlobalOptions

  /// Bytes of a line, unless all of it is wanted.
  private static let longestLine = 400

  func validate() throws {
    if Words.duration(since) == nil {
      throw ValidationError("--since is a time like 90m, 12h or 2d, not \"\(since)\"")
    }
    if let phase, !(1...3).contains(phase) { throw ValidationError("--phase is 1, 2 or 3, not \(phase)") }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let span = Words.duration(since) ?? .seconds(3600)
    let latest = tool.global.timeout.map { Deadline(tool.clock.now() + .seconds($0)) } ?? .never
    let functions = try await functions(tool)
    var from = tool.clock.wall() - span
    var seen: Set<String> = []
    while true {
      var lines: [(function: String, event: LogEvent)] = []
      for function in functions { lines += try await events(of: function, from, tool).map { (function, $0) } }
      for (function, event) in lines.sorted(by: { $0.event.time < $1.event.time })
      where seen.insert("\(function) \(event.id)").inserted {
        show(function, event, tool.screen)
        from = max(from, event.time)
      }
      guard follow, !latest.hasCome(at: tool.clock.now()) else { return .asWanted }
      do { try await tool.clock.sleep(.seconds(2)) } catch { return .interrupted }
    }
  }

  private func functions(_ tool: Tool) async throws(ToolError) -> [String] {
    let all = try await Machine(tool).functions
    guard let phase else { return all }
    let wanted = all.filter { $0.hasSuffix("-phase\(phase)") }
    guard !wanted.isEmpty else {
      throw .use(
        "\(tool.global.name) has no phase \(phase); its functions are \(all.joined(separator: ", "))")
    }
    return wanted
  }

  private func events(of function: String, _ from: UnixTime, _ tool: Tool) async throws(ToolError)
    -> [LogEvent]
  {
    var found: [LogEvent] = []
    do throws(FailedCall) {
      try await tool.logs.events(
        in: "/aws/lambda/\(function)", matching: router.map { "\"\($0)\"" }, from: from
      ) { page in
        found += page
        return true
      }
    } catch {
      // A function that was never called has written nothing.
      if error.error.code == "ResourceNotFoundException" { return [] }
      throw ToolError(error)
    }
    return found
  }

  private func show(_ function: String, _ event: LogEvent, _ screen: Screen) {
    if screen.isJSON {
      screen.say(json: Line(function: function, time: event.time.utc.extended, message: event.message))
    } else {
      // A line may hold all that a router has printed.
      let text = global.verbose ? event.message : event.message.oneLine(limit: Self.longestLine)
      for line in text.split(whereSeparator: \.isNewline) {
        screen.console.write("\(screen.colored(event.time.utc.toTheSecond, .dim)) \(function) \(line)\n")
      }
    }
  }

  /// docs/schema/logs.json.
  private struct Line: Encodable {
    var function: String
    var time: String
    var message: String
  }
}
