import Foundation
import Groundwork
import Orchestration

/// What an execution's history has told so far, of either machine. Events come in their order.
///
/// A machine of the engine tells of its waves and steps by the events that it sends, whose parameters stand in the history; the
/// synchronous one by its states.
struct RunFacts: Sendable {
  /// In the order in which they began.
  private(set) var stages: [Stage] = []
  /// In their order, as far as they are known.
  private(set) var waves: [WaveState] = []
  /// The items of each wave, as they were admitted.
  private(set) var members: [String: [String]] = [:]
  /// Whether the machine is one of the engine's.
  private(set) var isRollout = false
  /// Whether what was wanted has been admitted.
  private(set) var hasBegun = false
  private(set) var approval: PendingApproval?
  /// Since when it rests between two phases; nil where it does not.
  private(set) var pausedSince: UnixTime?
  /// Entered states and repeated tasks: what Step Functions bills.
  private(set) var transitions = 0
  /// What the functions answered at the end of their work, the oldest first.
  private(set) var answers: [RunResults.Answer] = []
  /// The last event that is known.
  private(set) var last = 0
  /// Whether the state at work has asked its task already.
  private var hasScheduled = false

  /// A wave, as far as it is.
  struct WaveState: Sendable, Equatable {
    var name: String
    /// `PENDING`, `RUNNING`, or how it ended.
    var status = "PENDING"
    var reason = ""
    /// What is done in it; what it is undone with is none of them.
    var steps: [String] = []
  }

  /// The stage at work.
  var current: Stage? { stages.last.flatMap { $0.ended == nil ? $0 : nil } }

  /// Takes an event in.
  /// - Returns: what is new.
  mutating func take(_ event: HistoryEvent) -> [Happening] {
    last = max(last, event.id)
    switch event.type {
    case let type where type.hasSuffix("StateEntered"): return entered(event)
    case let type where type.hasSuffix("StateExited"): return exited(event)
    case "TaskScheduled", "LambdaFunctionScheduled": return scheduled(event)
    case "TaskSucceeded", "LambdaFunctionSucceeded": return succeeded(event)
    case "TaskFailed", "TaskTimedOut", "LambdaFunctionFailed", "LambdaFunctionTimedOut":
      return failed(event)
    case "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut":
      return [.broke(error: event.error ?? event.type, cause: event.cause ?? "")]
    default: return []
    }
  }

  // MARK: States

  private mutating func entered(_ event: HistoryEvent) -> [Happening] {
    transitions += 1
    hasScheduled = false
    guard let state = event.state else { return [] }
    if state == "Admit" { isRollout = true }
    if event.type.hasPrefix("WaitState"), !isRollout {
      pausedSince = event.time
      return [.paused(event.time)]
    }
    pausedSince = nil
    guard !isRollout, event.type.hasPrefix("TaskState") else { return [] }
    hasBegun = true
    // The phases' states are called Phase1 to Phase3, the phases phase1 to phase3.
    return began(Stage(name: state.lowercased(), began: event.time))
  }

  private mutating func exited(_ event: HistoryEvent) -> [Happening] {
    guard !isRollout, event.type.hasPrefix("TaskState"), var stage = current,
      event.state?.lowercased() == stage.name
    else { return [] }
    stage.ended = event.time
    return ended(stage)
  }

  private mutating func began(_ stage: Stage) -> [Happening] {
    stages.append(stage)
    return [.began(stage)]
  }

  private mutating func ended(_ stage: Stage) -> [Happening] {
    stages[stages.count - 1] = stage
    return [.ended(stage)]
  }

  // MARK: Tasks

  private mutating func scheduled(_ event: HistoryEvent) -> [Happening] {
    if hasScheduled { transitions += 1 }
    hasScheduled = true
    guard let resource = event.resource, resource.hasPrefix("putEvents"),
      let told = EngineEvent(event.parameters)
    else { return [] }
    return take(told, event)
  }

  private mutating func take(_ told: EngineEvent, _ event: HistoryEvent) -> [Happening] {
    isRollout = true
    hasBegun = true
    let wave = told.detail.wave
    switch told.kind {
    case .executionStarted:
      waves = told.detail.names.map { WaveState(name: $0) }
    case .waveStarted:
      set(wave, "RUNNING", "")
      if let place = waves.firstIndex(where: { $0.name == wave }) { waves[place].steps = told.detail.steps }
      return wave.map { [.waveBegan($0)] } ?? []
    case .waveEnded(let status):
      set(wave, status, told.detail.reason ?? "")
      return wave.map { [.waveEnded($0, status: status, reason: told.detail.reason ?? "")] } ?? []
    case .stepStarted:
      let step = told.detail.step ?? ""
      return began(Stage(wave: wave, name: step, began: event.time, items: told.detail.items))
    case .stepEnded:
      guard var stage = current else { return [] }
      stage.ended = event.time
      stage.progress = nil
      stage.succeeded = told.detail.successCount ?? 0
      stage.failed = told.detail.failCount ?? 0
      stage.failedNames = told.detail.failed
      stage.summary = told.detail.summary ?? ""
      if told.detail.error != nil { stage.trouble = told.detail.summary }
      return ended(stage)
    case .approvalWanted:
      guard let wave, let token = told.detail.token else { return [] }
      set(wave, "WAITING", "")
      let pending = PendingApproval(wave: wave, token: token, since: event.time, items: told.detail.items)
      approval = pending
      return [.approvalWanted(pending)]
    case .executionEnded, .other:
      break
    }
    return []
  }

  private mutating func set(_ wave: String?, _ status: String, _ reason: String) {
    guard let wave else { return }
    let place =
      waves.firstIndex { $0.name == wave }
      ?? {
        waves.append(WaveState(name: wave))
        return waves.count - 1
      }()
    waves[place].status = status
    waves[place].reason = reason
  }

  private mutating func succeeded(_ event: HistoryEvent) -> [Happening] {
    if let answered = answered() { return answered }
    if isRollout, !hasBegun, let text = event.output, let admitted = AdmittedWaves(text) {
      members = admitted.members
      return []
    }
    guard var stage = current, let text = event.output, let told = FunctionAnswer(text) else { return [] }
    // An attempt before this one may have failed.
    stage.trouble = nil
    switch told {
    case .standing(let progress):
      stage.progress = progress
      stages[stages.count - 1] = stage
      return [.advanced(stage)]
    case .result(let result):
      answers.append(.init(wave: stage.wave, step: stage.name, time: event.time, result: result))
      stage.progress = nil
      stage.succeeded = result.successCount
      stage.failed = result.failCount
      stage.failedNames = result.failed
      stage.summary = result.summary
      stage.items = result.successCount + result.failCount
      stages[stages.count - 1] = stage
      return []
    }
  }

  private mutating func failed(_ event: HistoryEvent) -> [Happening] {
    if let answered = answered() { return answered }
    guard let place = stages.indices.last, stages[place].ended == nil else { return [] }
    stages[place].trouble = "\(event.error ?? event.type): \(event.cause ?? "")".oneLine(limit: 300)
    return []
  }

  /// Whatever comes after a wish for approval answers it.
  private mutating func answered() -> [Happening]? {
    guard let pending = approval else { return nil }
    approval = nil
    return [.approvalAnswered(pending.wave)]
  }
}
