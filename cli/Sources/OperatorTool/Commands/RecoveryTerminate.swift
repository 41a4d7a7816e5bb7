import ArgumentParser
import Groundwork
import Orchestration

/// Ends what a drill has launched.
struct RecoveryTerminate: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminate", abstract: "Terminates the recovery instances that a drill has launched.",
    discussion: "Only those of the execution's own jobs, and only of a drill: a recovery's are never touched."
  )

  @Argument(
    help: "A beginning of the drill's name, or @N for the one N before the newest (default: the newest).")
  var execution: String?

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(RecoveryCommand.usualName) }

  /// What the function answers.
  private struct Answer: Decodable {
    var done: Bool
    var wait: Int?
    var state: RawJSON?
    var successCount: Int?
    var failCount: Int?
    var failed: [String]?
    var summary: String

    private enum CodingKeys: String, CodingKey {
      case done, state, failed, summary
      case wait = "wait_seconds"
      case successCount = "success_count"
      case failCount = "fail_count"
    }
  }

  /// docs/schema/recovery-terminate.json.
  private struct Page: Encodable {
    var execution: String
    var terminated: Int
    var failed: [String]
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let execution = try await tool.execution(execution)
    guard execution.status != .running else {
      throw .use("\(execution.name.prefix(8)) is running: sdwan recovery stop first, or wait for its end")
    }
    try tool.confirm("terminate what the drill \(execution.name.prefix(8)) has launched?", yes)
    let latest = tool.global.timeout.map { Deadline(tool.clock.now() + .seconds($0)) } ?? .never
    var state: RawJSON?
    while true {
      let answer = try await ask(execution.arn, state, tool)
      if answer.done { return tell(answer, execution, tool) }
      if !tool.screen.isJSON, !tool.screen.isQuiet { tool.screen.say(answer.summary) }
      guard !latest.hasCome(at: tool.clock.now()) else {
        throw ToolError(message: "gave up waiting (--timeout); the jobs go on", outcome: .timedOut)
      }
      state = answer.state
      do { try await tool.clock.sleep(.seconds(answer.wait ?? 15)) } catch {
        throw ToolError(message: "interrupted; the jobs go on", outcome: .interrupted)
      }
    }
  }

  private func ask(_ arn: String, _ state: RawJSON?, _ tool: Tool) async throws(ToolError) -> Answer {
    var event: [String: any Encodable & Sendable] = ["action": "terminate", "execution": arn]
    if let state { event["state"] = state }
    let answer: InvocationAnswer
    do throws(InvocationFailure) {
      answer = try await tool.functions.invoke(tool.global.name, event: JSONText.object(event))
    } catch {
      throw .refused("\(tool.global.name): \(error)")
    }
    guard let read = JSONText.read(Answer.self, answer.payload) else {
      throw .refused("\(tool.global.name) answered what nobody understands")
    }
    return read
  }

  private func tell(_ answer: Answer, _ execution: Execution, _ tool: Tool) -> Outcome {
    if tool.screen.isJSON {
      tool.screen.say(
        json: Page(
          execution: execution.name, terminated: answer.successCount ?? 0, failed: answer.failed ?? []))
    } else {
      tool.screen.say(answer.summary)
    }
    return answer.failCount ?? 0 > 0 ? .unwell : .asWanted
  }
}
