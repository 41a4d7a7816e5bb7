import ArgumentParser
import AWSClient
import Groundwork
import Orchestration

/// What the functions wrote.
struct LogsCommand: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What the functions wrote, by a router or a phase.")

  @Argument(help: "Only lines that name this router.")
  var router: String?

  @Option(help: "Only this phase: 1, 2 or 3.")
  var phase: Int?

  @Option(help: "Only lines of the last time: 90m, 12h, 2d.")
  var since = "1h"

  @Flag(help: "Go on until Ctrl-C.")
  var follow = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let phase, !(1...3).contains(phase) { throw ValidationError("--phase is 1, 2 or 3, not \(phase)") }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    guard let span = Words.duration(since) else {
      throw .use("--since is a time like 90m, 12h or 2d, not \"\(since)\"")
    }
    var from = tool.clock.wall() - span
    var seen: Set<String> = []
    repeat {
      var lines: [(phase: Int, event: LogEvent)] = []
      for number in phase.map({ [$0] }) ?? [1, 2, 3] {
        lines += try await events(of: number, from, tool).map { (number, $0) }
      }
      for (number, event) in lines.sorted(by: { $0.event.time < $1.event.time })
      where seen.insert("\(number) \(event.id)").inserted {
        show(number, event, tool.screen)
        from = max(from, event.time)
      }
      guard follow else { break }
      do { try await tool.clock.sleep(.seconds(2)) } catch { return .interrupted }
    } while true
    return .asWanted
  }

  private func events(of phase: Int, _ from: UnixTime, _ tool: Tool) async throws(ToolError) -> [LogEvent] {
    var found: [LogEvent] = []
    do throws(FailedCall) {
      try await tool.logs.events(
        in: "/aws/lambda/\(tool.global.name)-phase\(phase)", matching: router.map { "\"\($0)\"" }, from: from
      ) { page in
        found += page
        return true
      }
    } catch {
      // A phase that was never called has written nothing.
      if error.error.code == "ResourceNotFoundException" { return [] }
      throw ToolError(error)
    }
    return found
  }

  private func show(_ phase: Int, _ event: LogEvent, _ screen: Screen) {
    if screen.isJSON {
      screen.say(json: Line(phase: phase, time: event.time.utc.extended, message: event.message))
    } else {
      for line in event.message.split(whereSeparator: \.isNewline) {
        screen.console.write("\(screen.colored(event.time.utc.toTheSecond, .dim)) phase\(phase) \(line)\n")
      }
    }
  }

  private struct Line: Encodable {
    var phase: Int
    var time: String
    var message: String
  }
}
