import AWSClient
import Foundation
import Groundwork
import Orchestration

/// The newest answer of a phase that an execution's history holds.
struct RunResults: Sendable {
  let execution: Execution
  /// By phase; in a rollout by wave, too: the newest of each counts.
  private(set) var answers: [Answer] = []

  struct Answer: Sendable {
    var wave: String?
    var result: PhaseResult
  }

  /// The newest answer of a phase; of a rollout's waves all of its answers.
  func results(of phase: String) -> [PhaseResult] {
    answers.filter { $0.result.phase == phase }.map(\.result)
  }

  /// Reads an execution's history from its end.
  init(_ execution: Execution, _ tool: Tool) async throws(ToolError) {
    self.execution = execution
    var found: [Answer] = []
    var seen: Set<String> = []
    try await asked { () throws(FailedCall) in
      try await tool.machines.history(of: execution.arn, isNewestFirst: true) { events in
        for event in events {
          guard let answer = Self.answer(in: event) else { continue }
          if seen.insert("\(answer.result.phase) \(answer.wave ?? "")").inserted { found.append(answer) }
        }
        return true
      }
    }
    answers = found
  }

  /// What a task answered, where it is a phase's: the answer itself, or in Lambda's frame.
  static func answer(in event: HistoryEvent) -> Answer? {
    guard event.type == "TaskSucceeded" || event.type == "LambdaFunctionSucceeded", let text = event.output
    else { return nil }
    let bytes = Data(text.utf8)
    if let whole = try? JSONDecoder().decode(PhaseResult.self, from: bytes) { return Answer(result: whole) }
    struct Frame: Decodable { var Payload: PhaseResult }
    return (try? JSONDecoder().decode(Frame.self, from: bytes)).map { Answer(result: $0.Payload) }
  }
}
