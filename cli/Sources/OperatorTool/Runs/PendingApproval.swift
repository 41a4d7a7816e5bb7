import AWSClient
import Foundation
import Groundwork
import Orchestration

/// A wave that waits for somebody's word.
struct PendingApproval: Sendable, Equatable {
  let wave: String
  let token: String
  let since: UnixTime
  /// How many items the wave has.
  let items: Int?

  /// The wave that an execution waits for; nil where it waits for none.
  ///
  /// The event that asked for the approval holds the token, so nobody has to have had a mail.
  static func find(in execution: Execution, _ tool: Tool) async throws(ToolError) -> PendingApproval? {
    var found: PendingApproval?
    try await asked { () throws(FailedCall) in
      try await tool.machines.history(of: execution.arn, isNewestFirst: true) { events in
        for event in events {
          switch event.type {
          // What the state says while it waits.
          case "TaskStarted", "TaskSubmitted": continue
          case "TaskScheduled":
            guard let told = EngineEvent(event.parameters), told.kind == .approvalWanted,
              let wave = told.detail.wave, let token = told.detail.token
            else { return false }
            found = PendingApproval(wave: wave, token: token, since: event.time, items: told.detail.items)
            return false
          default: return false
          }
        }
        return true
      }
    }
    return found
  }
}
