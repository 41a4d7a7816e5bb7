import ArgumentParser
import AWSClient
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
    try await asked { () throws(FailedCall) in
      try await tool.machines.succeed(pending.token, output: #"{"approved": true}"#)
    }
    tool.screen.say("wave \(pending.wave) goes on")
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
  var reason = "rejected with sdwan reject"

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let pending = try await tool.pendingApproval(wave)
    try await asked { () throws(FailedCall) in
      try await tool.machines.fail(pending.token, error: "Operator.Rejected", cause: reason)
    }
    tool.screen.say("wave \(pending.wave) is cancelled")
    return .asWanted
  }
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
}
