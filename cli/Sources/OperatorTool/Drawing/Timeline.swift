import Foundation
import Groundwork
import Orchestration

/// What an execution did when, out of its history: the states of the synchronous machine, or the steps of a rollout, whose
/// machine runs through the same states for each of them.
struct Timeline: Sendable {
  struct Stage: Sendable, Equatable {
    var name: String
    /// Whether nothing was done but waiting.
    var isPause: Bool
    var began: UnixTime
    /// nil while it runs.
    var ended: UnixTime?
  }

  private(set) var stages: [Stage] = []
  /// How often a state was entered: what Step Functions bills.
  private(set) var transitions = 0
  /// Which wave of a rollout it is at.
  private(set) var wave: String?
  private var isRollout = false
  private var state = ""

  /// A pause is entered after every step, and worth a line where it lasts.
  private static let shortestPause = Duration.milliseconds(500)

  /// The next event, in the order in which they happened.
  mutating func take(_ event: HistoryEvent) {
    if event.type.hasSuffix("StateEntered"), let name = event.state {
      transitions += 1
      state = name
      // The rollout's first state; no other machine of the project has one of this name.
      if name == "Begin" { isRollout = true }
      isRollout ? entered(name, event.time) : enteredPlain(name, event)
    } else if event.type.hasSuffix("StateExited"), let name = event.state {
      left(name, event.time)
    } else if event.type == "TaskScheduled", isRollout {
      scheduled(event)
    } else if event.type.hasPrefix("Execution"), event.type != "ExecutionStarted" {
      end(event.time)
    }
  }

  private mutating func enteredPlain(_ name: String, _ event: HistoryEvent) {
    guard event.type.hasPrefix("TaskState") || event.type.hasPrefix("WaitState") else { return }
    begin(name, isPause: event.type.hasPrefix("Wait"), event.time)
  }

  private mutating func entered(_ name: String, _ time: UnixTime) {
    switch name {
    case "Admit": begin("admission", isPause: false, time)
    case "StepPause": begin("pause", isPause: true, time)
    case "StepEnded": end(time)
    default: break
    }
  }

  private mutating func left(_ name: String, _ time: UnixTime) {
    if isRollout {
      guard ["Admit", "Approval", "StepPause"].contains(name) else { return }
      end(time)
      if name == "StepPause", let last = stages.last, let ended = last.ended,
        ended - last.began < Self.shortestPause
      {
        stages.removeLast()
      }
    } else if stages.last?.name == name {
      end(time)
    }
  }

  private struct Asked: Decodable {
    struct Payload: Decodable { var wave: String?, step: String? }
    struct Entry: Decodable { var Detail: Detail? }
    struct Detail: Decodable { var wave: String? }

    var Payload: Payload?
    var Entries: [Entry]?
  }

  private mutating func scheduled(_ event: HistoryEvent) {
    guard state == "Work" || state == "Approval", let text = event.parameters,
      let asked = JSONText.read(Asked.self, Array(text.utf8))
    else { return }
    if state == "Approval" {
      begin("\(asked.Entries?.first?.Detail?.wave ?? "").approval", isPause: true, event.time)
    } else if let payload = asked.Payload, let wave = payload.wave, let step = payload.step {
      let name = "\(wave).\(step)"
      self.wave = wave
      // The function is asked again and again until the step has ended.
      if let last = stages.last, last.name == name, last.ended == nil { return }
      begin(name, isPause: false, event.time)
    }
  }

  private mutating func begin(_ name: String, isPause: Bool, _ time: UnixTime) {
    stages.append(Stage(name: name, isPause: isPause, began: time))
  }

  private mutating func end(_ time: UnixTime) {
    guard let last = stages.indices.last, stages[last].ended == nil else { return }
    stages[last].ended = time
  }
}
