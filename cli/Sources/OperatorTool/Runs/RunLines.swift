import Groundwork
import Orchestration

/// What happens in an execution, a line for each: for logs, pipes and programs.
struct RunLines {
  let execution: Execution
  let network: String
  /// What a command line of the deployment's system begins with.
  let verbs: Verbs

  /// nil for what is no line's worth.
  func text(_ happening: Happening, at now: UnixTime) -> String? {
    switch happening {
    case .began(let stage):
      "\(since(stage.began))  \(stage.title) began\(stage.items.map { " (\($0))" } ?? "")"
    case .ended(let stage):
      "\(since(stage.ended ?? now))  \(stage.title) \(end(of: stage))"
    case .waveBegan, .advanced, .paused: nil
    case .waveEnded(let wave, let status, let reason):
      "\(since(now))  wave \(wave) \(status)\(reason.isEmpty ? "" : ": \(reason.oneLine(limit: 300))")"
    case .approvalWanted(let pending):
      "\(since(pending.since))  wave \(pending.wave) waits for an approval: \(verbs("approve \(pending.wave)"))"
    case .approvalAnswered(let wave): "\(since(now))  wave \(wave) was answered"
    case .broke(let error, let cause):
      // A rollout's cause is its output, which is shown as a table.
      "\(since(now))  \(error)\(cause.hasPrefix("{") || cause.isEmpty ? "" : ": \(cause.oneLine(limit: 300))")"
    }
  }

  private func since(_ time: UnixTime) -> String { Words.span(time - execution.started) }

  private func end(of stage: Stage) -> String {
    let took = "after \(Words.span((stage.ended ?? stage.began) - stage.began))"
    if let trouble = stage.trouble { return "ended without an answer \(took): \(trouble)" }
    let counts = "\(stage.succeeded)/\(stage.succeeded + stage.failed) done \(took)"
    guard stage.failed > 0 else { return counts }
    let names = stage.failedNames.prefix(20).joined(separator: ", ")
    return "\(counts), \(stage.failed) failed\(names.isEmpty ? "" : ": \(names)")"
  }

  /// docs/schema/watch.json.
  struct Line: Encodable {
    var event: String
    var execution: String
    var network: String
    var time: String
    var wave: String?
    var stage: String?
    var items: Int?
    var running: Int?
    var waiting: Int?
    var succeeded: Int?
    var failed: Int?
    var failedNames: [String]?
    var pending: [String]?
    var status: String?
    var reason: String?
  }

  func line(_ happening: Happening, at now: UnixTime) -> Line {
    func line(_ event: String, _ time: UnixTime) -> Line {
      Line(event: event, execution: execution.name, network: network, time: time.utc.extended)
    }
    func about(_ stage: Stage, _ event: String, _ time: UnixTime) -> Line {
      var line = line(event, time)
      (line.wave, line.stage, line.items) = (stage.wave, stage.name, stage.items)
      return line
    }
    switch happening {
    case .began(let stage): return about(stage, "stage_began", stage.began)
    case .advanced(let stage):
      var line = about(stage, "stage_advanced", now)
      line.running = stage.progress?.running
      line.waiting = stage.progress?.waiting
      line.succeeded = stage.progress?.succeeded
      line.failed = stage.progress?.failed
      line.pending = stage.progress?.pending
      return line
    case .ended(let stage):
      var line = about(stage, "stage_ended", stage.ended ?? now)
      (line.succeeded, line.failed, line.failedNames) = (stage.succeeded, stage.failed, stage.failedNames)
      line.reason = stage.trouble
      return line
    case .waveBegan(let wave):
      var line = line("wave_began", now)
      line.wave = wave
      return line
    case .waveEnded(let wave, let status, let reason):
      var line = line("wave_ended", now)
      (line.wave, line.status, line.reason) = (wave, status, reason)
      return line
    case .approvalWanted(let pending):
      var line = line("approval_wanted", pending.since)
      (line.wave, line.items) = (pending.wave, pending.items)
      return line
    case .approvalAnswered(let wave):
      var line = line("approval_answered", now)
      line.wave = wave
      return line
    case .paused(let since): return line("paused", since)
    case .broke(let error, let cause):
      var line = line("broke", now)
      (line.status, line.reason) = (error, cause.oneLine(limit: 1000))
      return line
    }
  }
}
