import AWSClient
import Foundation
import Groundwork
import Orchestration

/// What an execution's history holds: what happened, and what the functions answered.
struct RunResults: Sendable {
  let execution: Execution
  let facts: RunFacts
  /// What the execution itself says at its end, of a rollout.
  let output: RolloutOutput?
  /// The newest answer of each phase, in a rollout of each wave's, the newest first.
  let answers: [Answer]

  struct Answer: Sendable {
    /// nil in the synchronous machine.
    var wave: String?
    /// The stage: a phase, or a command of a wave.
    var step: String
    var time: UnixTime
    var result: PhaseResult
  }

  /// The newest answer of a phase; of a rollout's waves all of its answers.
  func results(of phase: String) -> [PhaseResult] {
    answers.filter { $0.result.phase == phase }.map(\.result)
  }

  /// Whether its steps are the phases; a machine of another fleet has others.
  var isOfRouters: Bool {
    facts.stages.isEmpty || facts.stages.contains { ["phase1", "phase2", "phase3"].contains($0.name) }
  }

  /// Reads an execution's history.
  init(_ execution: Execution, _ tool: Tool) async throws(ToolError) {
    var facts = RunFacts()
    try await asked { () throws(FailedCall) in
      try await tool.machines.history(of: execution.arn) { events in
        for event in events { _ = facts.take(event) }
        return true
      }
    }
    self.init(execution, facts)
  }

  init(_ execution: Execution, _ facts: RunFacts) {
    self.execution = execution
    self.facts = facts
    output = RolloutOutput(execution)
    var seen: Set<String> = []
    // A stage that was repeated counts as it was the last time.
    answers = facts.answers.reversed().filter { seen.insert("\($0.step) \($0.wave ?? "")").inserted }
  }

  /// The same with other answers.
  init(_ run: RunResults, _ answers: [Answer]) {
    (execution, facts, output) = (run.execution, run.facts, run.output)
    self.answers = answers
  }
}
