import Testing

@testable import SDWAN

@Suite struct PhaseInputTests {
  @Test(
    arguments: [
      ("{}", nil), (#"{"instances": ["nv-sdwan"]}"#, ["nv-sdwan"]),
      (#"{"instances": ["nv-sdwan", "fra-sdwan", "nv-sdwan"]}"#, ["fra-sdwan", "nv-sdwan"]),
      (#"{"mode": "apply", "action": "run", "recreate": "always", "confirm": false}"#, nil),
      (
        #"{"unknown": 1, "phase1_result": {"results": {"nv-sdwan": {"status": "Failed"}}, "mode": "plan"}}"#,
        nil
      ),
      (#"  {"a": null}  "#, nil),
    ] as [(String, [String]?)])
  func good(event: String, names: [String]?) throws {
    let topology = try Topology.standard()
    let routers = try PhaseInput(event: Array(event.utf8)).routers(of: topology)
    #expect(routers.map(\.name) == names ?? topology.routers.map(\.name))
  }

  @Test(arguments: [
    (#"{"instances": []}"#, ["instances", "empty"]),
    (#"{"instances": "nv-sdwan"}"#, ["instances", "array"]),
    (#"{"instances": [1]}"#, ["instances", "array"]),
    (#"{"instances": null}"#, ["instances", "array"]),
    (#"{"instances": {"nv-sdwan": true}}"#, ["instances", "array"]),
    (#"{"instances": ["nv-sdwan", "nowhere"]}"#, ["instances", "\"nowhere\"", "fra-branch1", "nv-sdwan"]),
    (#"{"reached": ["nowhere"]}"#, ["reached", "\"nowhere\""]),
    (#"{"reached": "all"}"#, ["reached", "array"]),
    (#"{"mode": "destroy"}"#, ["mode", "\"destroy\"", "allowed: apply, plan, rollback, command"]),
    (#"{"mode": 1}"#, ["mode", "must be"]), (#"{"mode": null}"#, ["mode", "must be"]),
    (#"{"action": "check"}"#, ["state", "check wants what start gave"]),
    (#"{"action": "check", "state": {"started": 1}}"#, ["state", "what the last start or check gave"]),
    (
      #"{"action": "check", "state": {"started": 1, "wait": 15, "routers": {"nv-sdwan": "r:x:id"}}}"#,
      ["state"]
    ),
    (#"{"action": "cancel"}"#, ["execution", "the execution's ARN"]),
    (#"{"mode": "command"}"#, ["field command is missing", "document"]),
    (#"{"command": {"document": "AWS-RunShellScript"}}"#, ["command", "mode command only"]),
    (#"{"mode": "plan", "command": {"document": "AWS-RunShellScript"}}"#, ["command", "mode command only"]),
    (#"{"mode": "command", "command": "ls"}"#, ["command", "an object with"]),
    (#"{"mode": "command", "command": {"parameters": {}}}"#, ["command", "document"]),
    (#"{"mode": "command", "command": {"document": "a b c"}}"#, ["\"a b c\"", "name or ARN"]),
    (#"{"mode": "command", "command": {"document": "ab"}}"#, ["\"ab\"", "3 to 200"]),
    (
      #"{"mode": "command", "command": {"document": "Acme-Do", "parameters": {"a": "b"}}}"#,
      ["command", "array of texts"]
    ),
    (#"{"action": "start", "mode": "plan"}"#, ["mode plan", "action run"]),
    (#"{"action": "RUN"}"#, ["action", "\"RUN\"", "allowed: run, start, check, cancel"]),
    (#"{"execution": ""}"#, ["execution", "empty"]), (#"{"execution": 1}"#, ["execution", "ARN"]),
    (#"{"execution": "a", "retry_count": -1}"#, ["retry_count", "-1"]),
    (#"{"execution": "a", "redrive_count": "1"}"#, ["redrive_count", "whole number"]),
    (#"{"timeout": 0}"#, ["timeout", "from 1 to 172800"]), (#"{"timeout": 1.5}"#, ["timeout"]),
    (#"{"action": true}"#, ["action", "must be"]),
    (#"{"recreate": "sometimes"}"#, ["recreate", "\"sometimes\"", "allowed: always, changed, never"]),
    (#"{"recreate": []}"#, ["recreate", "must be"]), (#"{"confirm": 1}"#, ["confirm", "true or false"]),
    (#"{"confirm": "yes"}"#, ["confirm", "true or false"]),
    ("[]", ["no JSON object"]), ("\"text\"", ["no JSON object"]), ("17", ["no JSON object"]),
    ("null", ["no JSON object"]), ("", ["event"]), ("{", ["event"]), (#"{"a": 1,}x"#, ["event"]),
  ])
  func bad(event: String, words: [String]) throws {
    let topology = try Topology.standard()
    let error = #expect(throws: PhaseError.self) {
      try PhaseInput(event: Array(event.utf8)).routers(of: topology)
    }
    #expect(error?.type == "Event.Invalid")
    for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
  }

  @Test func notUTF8() {
    let event = Array(#"{"instances": [""#.utf8) + [0xFF, 0xFE] + Array(#""]}"#.utf8)
    let error = #expect(throws: PhaseError.self) { try PhaseInput(event: event) }
    #expect(error?.type == "Event.Invalid")
  }
}
