import Groundwork
import Orchestration

/// Where a run that came to no good end goes on.
struct RunPosition: Sendable, Equatable {
  /// For `start_at`; nil for the beginning.
  var startAt: String?
  /// What comes then, for people.
  var rest: String

  /// - Parameter global: says what the deployment's verbs are.
  /// - Throws: ``ToolError`` where there is nothing to go on with.
  init(_ run: RunResults, _ global: GlobalOptions) throws(ToolError) {
    let execution = run.execution
    let name = execution.name.prefix(8)
    switch execution.status {
    case .running, .pendingRedrive: throw .use("\(name) is running: \(global.verbs("watch \(name)"))")
    case .succeeded: throw .use("\(name) has succeeded: there is nothing to go on with")
    case .failed, .timedOut, .aborted: break
    }
    // What was stopped before it had begun has all of it left.
    guard run.facts.hasBegun || execution.status != .failed else {
      throw .use(
        "\(name) was refused before it began (\(execution.error ?? "no reason is known")); \(global.verbs.anew)"
      )
    }
    startAt =
      run.output?.startAt ?? (run.facts.isRollout ? Self.place(in: run.facts) : Self.phase(in: run.facts))
    rest = Self.rest(run.facts, from: startAt)
  }

  /// The first wave that is not done, and its first step that is not.
  private static func place(in facts: RunFacts) -> String? {
    guard let wave = facts.waves.first(where: { !["COMPLETED", "SKIPPED"].contains($0.status) }) else {
      return nil
    }
    // A wave that waits, or that was being undone, begins anew.
    let stages = facts.stages.filter { $0.wave == wave.name }
    guard wave.status != "WAITING", let open = stages.first(where: { !isDone($0) }),
      stages.allSatisfy({ wave.steps.isEmpty || wave.steps.contains($0.name) })
    else { return wave.name }
    return open.point
  }

  /// The first phase that is not done; nil where it is the first of all.
  private static func phase(in facts: RunFacts) -> String? {
    let open = facts.stages.first { !isDone($0) }
    if let open { return open.name == "phase1" ? nil : open.name }
    // It was stopped between two phases.
    switch facts.stages.last?.name {
    case "phase1": return "phase2"
    case "phase2": return "phase3"
    default: return nil
    }
  }

  private static func isDone(_ stage: Stage) -> Bool {
    stage.ended != nil && stage.failed == 0 && stage.trouble == nil
  }

  private static func rest(_ facts: RunFacts, from startAt: String?) -> String {
    guard let startAt else { return "from the beginning" }
    guard facts.isRollout else { return "from \(startAt) on" }
    let wave = startAt.prefix { $0 != "." }
    let later = facts.waves.drop { $0.name != wave }.dropFirst().map(\.name)
    guard !later.isEmpty else { return "from \(startAt) on" }
    let names = later.count <= 5 ? later.joined(separator: ", ") : "\(later.count) waves"
    return "from \(startAt) on, then \(names)"
  }
}
