import AWSClient
import Foundation
import Groundwork
import Orchestration

/// A wave that waits for somebody's word.
struct PendingApproval: Sendable {
  let wave: String
  let token: String
  let since: UnixTime

  private struct Parameters: Decodable {
    struct Entry: Decodable { var Detail: Detail }
    struct Detail: Decodable {
      var wave: String
      var task_token: String
    }

    var Entries: [Entry]
  }

  /// The wave that an execution waits for; nil where it waits for none.
  ///
  /// The event that asked for the approval holds the token, so nobody has to have had a mail.
  static func find(in execution: Execution, _ tool: Tool) async throws(ToolError) -> PendingApproval? {
    var found: PendingApproval?
    try await asked { () throws(FailedCall) in
      try await tool.machines.history(of: execution.arn, isNewestFirst: true) { events in
        for event in events {
          // Whatever came after it: the answer, or its time was over.
          if event.type == "TaskStateExited" || event.type == "TaskSucceeded" || event.type == "TaskFailed"
            || event.type == "TaskTimedOut"
          {
            return false
          }
          guard event.type == "TaskScheduled", event.resource == "putEvents.waitForTaskToken",
            let text = event.parameters,
            let asked = try? JSONDecoder().decode(Parameters.self, from: Data(text.utf8)).Entries.first?
              .Detail
          else { continue }
          found = PendingApproval(wave: asked.wave, token: asked.task_token, since: event.time)
          return false
        }
        return true
      }
    }
    return found
  }
}
