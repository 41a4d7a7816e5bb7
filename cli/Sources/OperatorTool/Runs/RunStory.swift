import AWSClient
import Groundwork
import Orchestration

/// What has happened in an execution so far, a line at a time.
struct RunStory: Sendable {
  private var last = 0
  /// States that were entered, by their events, to say how long they took.
  private var entered: [String: UnixTime] = [:]

  /// Lines about what is new.
  mutating func advance(_ execution: Execution, _ tool: Tool) async throws(ToolError) -> [String] {
    var events: [HistoryEvent] = []
    let known = last
    try await asked { () throws(FailedCall) in
      try await tool.machines.history(of: execution.arn, isNewestFirst: true, hasData: false) { page in
        events += page.filter { $0.id > known }
        return page.last.map { $0.id > known } ?? false
      }
    }
    var lines: [String] = []
    for event in events.sorted(by: { $0.id < $1.id }) {
      last = max(last, event.id)
      let time = Words.span(event.time - execution.started)
      if event.type.hasSuffix("StateEntered"), let state = event.state, Self.isWork(event.type) {
        entered[state] = event.time
        lines.append("\(time)  \(state) began")
      } else if event.type.hasSuffix("StateExited"), let state = event.state, let begun = entered[state],
        Self.isWork(event.type)
      {
        lines.append("\(time)  \(state) took \(Words.span(event.time - begun))")
      } else if let error = event.error {
        lines.append("\(time)  \(error)\(event.cause.map { ": \($0.oneLine(limit: 300))" } ?? "")")
      }
    }
    return lines
  }

  private static func isWork(_ type: String) -> Bool {
    type.hasPrefix("TaskState") || type.hasPrefix("WaitState")
  }
}
