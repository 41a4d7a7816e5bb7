import Foundation
import Groundwork
import Orchestration
import Testing

@testable import OperatorTool

@Suite struct TimelineTests {
  private func record(_ events: [(Double, String, String)]) throws -> RunRecord {
    var record = RunRecord()
    for (id, (time, type, details)) in events.enumerated() {
      let key =
        type.hasSuffix("StateEntered")
        ? "stateEntered" : type.hasSuffix("StateExited") ? "stateExited" : "task"
      let text =
        #"{"id": \#(id + 1), "timestamp": \#(time), "type": "\#(type)", "\#(key)EventDetails": \#(details)}"#
      record.take(try JSONDecoder().decode(HistoryEvent.self, from: Data(text.utf8)))
    }
    return record
  }

  private func stages(_ record: RunRecord) -> [String] {
    record.timeline.stages.map {
      "\($0.name) \($0.began.seconds)–\($0.ended.map { "\($0.seconds)" } ?? "")\($0.isPause ? " pause" : "")"
    }
  }

  private func quoted(_ text: String) -> String {
    String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
  }

  @Test func phases() throws {
    let events = [
      (1.0, "TaskStateEntered", #"{"name": "Phase1"}"#), (9, "TaskStateExited", #"{"name": "Phase1"}"#),
      (9, "ChoiceStateEntered", #"{"name": "Well"}"#), (9, "ChoiceStateExited", #"{"name": "Well"}"#),
      (9, "WaitStateEntered", #"{"name": "Pause"}"#), (69, "WaitStateExited", #"{"name": "Pause"}"#),
      (69, "TaskStateEntered", #"{"name": "Phase2"}"#),
    ]
    let running = try record(events)
    #expect(stages(running) == ["Phase1 1.0–9.0", "Pause 9.0–69.0 pause", "Phase2 69.0–"])
    #expect(running.timeline.transitions == 4)
    #expect(stages(try record(events + [(80, "ExecutionAborted", "{}")])).last == "Phase2 69.0–80.0")
  }

  @Test func theStepsOfARollout() throws {
    func asked(_ wave: String, _ step: String) -> String {
      #"{"resource": "invoke", "parameters": \#(quoted(#"{"Payload": {"wave": "\#(wave)", "step": "\#(step)"}}"#))}"#
    }
    func answered(_ count: Int) -> String {
      let result = #"{"phase": "phase3", "success_count": \#(count), "fail_count": 0, "done": true}"#
      return #"{"output": \#(quoted(#"{"Payload": \#(result)}"#))}"#
    }
    func step(_ wave: String, from time: Double) -> [(Double, String, String)] {
      [
        (time, "TaskStateEntered", #"{"name": "Work"}"#), (time, "TaskScheduled", asked(wave, "phase3")),
        (time + 1, "TaskSucceeded", #"{"output": "{\"Payload\": {\"done\": false}}"}"#),
        (time + 1, "TaskStateExited", #"{"name": "Work"}"#),
        (time + 5, "TaskStateEntered", #"{"name": "Work"}"#),
        (time + 5, "TaskScheduled", asked(wave, "phase3")),
        (time + 6, "TaskSucceeded", answered(Int(time))), (time + 6, "TaskStateExited", #"{"name": "Work"}"#),
        (time + 6, "PassStateEntered", #"{"name": "StepEnded"}"#),
        (time + 6, "WaitStateEntered", #"{"name": "StepPause"}"#),
        (time + 6, "WaitStateExited", #"{"name": "StepPause"}"#),
      ]
    }
    let approval = quoted(#"{"Entries": [{"Detail": {"wave": "rest"}}]}"#)
    let rollout = try record(
      [
        (1, "PassStateEntered", #"{"name": "Begin"}"#), (1, "TaskStateEntered", #"{"name": "Admit"}"#),
        (2, "TaskStateExited", #"{"name": "Admit"}"#),
      ] + step("canary", from: 10) + [
        (17, "TaskStateEntered", #"{"name": "Approval"}"#),
        (17, "TaskScheduled", #"{"parameters": \#(approval)}"#),
        (30, "TaskStateExited", #"{"name": "Approval"}"#),
      ] + step("rest", from: 40))
    #expect(
      stages(rollout) == [
        "admission 1.0–2.0", "canary.phase3 10.0–16.0", "rest.approval 17.0–30.0 pause",
        "rest.phase3 40.0–46.0",
      ])
    // The newest answer of each wave.
    #expect(rollout.answers.map { "\($0.wave ?? "") \($0.result.successCount)" } == ["canary 10", "rest 40"])
  }
}
