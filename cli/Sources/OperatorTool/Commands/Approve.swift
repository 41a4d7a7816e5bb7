import AWSClient
import ArgumentParser
import Groundwork
import Orchestration

/// Lets a wave that waits go on.
struct Approve: OperatorCommand {
  static let configuration = CommandConfiguration(abstract: "Lets the wave that waits for an approval go on.")

  @Argument(help: "The wave, to be sure that it is the one that is meant.")
  var wave: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let pending = try await tool.pendingApproval(wave)
    try await tool.answer(pending, isApproved: true, "approved with \(tool.global.verbs("approve"))")
    tool.tell(pending, isApproved: true)
    return .asWanted
  }
}

/// Ends a rollout at the wave that waits.
struct Reject: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cancels the wave that waits for an approval, and the rollout with it.")

  @Argument(help: "The wave, to be sure that it is the one that is meant.")
  var wave: String?

  @Option(help: "Why; it stands in the rollout's output.")
  var reason: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let pending = try await tool.pendingApproval(wave)
    try await tool.answer(
      pending, isApproved: false, reason ?? "rejected with \(tool.global.verbs("reject"))")
    tool.tell(pending, isApproved: false)
    return .asWanted
  }
}

/// docs/schema/answer.json.
private struct Answered: Encodable {
  var wave: String
  var approved: Bool
  var waitedSeconds: Int
}

extension Tool {
  /// The approval that the newest running execution waits for.
  /// - Throws: ``ToolError`` where nothing waits, or another wave than the one that is meant.
  func pendingApproval(_ wave: String?) async throws(ToolError) -> PendingApproval {
    let machine = try await machine()
    for execution in try await executions(of: machine, .running, limit: 20) {
      guard let pending = try await PendingApproval.find(in: execution, self) else { continue }
      guard wave == nil || wave == pending.wave else {
        throw .use("it is wave \(pending.wave) that waits, not \(wave ?? "")")
      }
      return pending
    }
    throw .use("no wave waits for an approval")
  }

  /// - Parameter reason: of a rejection; it stands in the rollout's output.
  func answer(_ pending: PendingApproval, isApproved: Bool, _ reason: String) async throws(ToolError) {
    do throws(FailedCall) {
      if isApproved {
        try await machines.succeed(pending.token, output: #"{"approved": true}"#)
      } else {
        try await machines.fail(pending.token, error: "Operator.Rejected", cause: reason)
      }
    } catch {
      guard ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"].contains(error.error.code) else {
        throw ToolError(error)
      }
      throw .use(
        "wave \(pending.wave) does not wait any more: somebody else has answered, or its time was over")
    }
  }

  func tell(_ pending: PendingApproval, isApproved: Bool) {
    if screen.isJSON {
      let waited = (clock.wall() - pending.since).inWholeSeconds
      screen.say(json: Answered(wave: pending.wave, approved: isApproved, waitedSeconds: waited))
    } else {
      screen.say("wave \(pending.wave) \(isApproved ? "goes on" : "is cancelled")")
    }
  }
}
