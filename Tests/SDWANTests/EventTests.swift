import Groundwork
import Testing

@testable import SDWAN

@Suite struct EventTests {
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
      (
        #"{"instances": null, "mode": null, "action": null, "command": null, "reached": null, "state": null, "execution": null, "wave": null, "step": null, "timeout": null, "maxConcurrency": null, "retry_count": null, "recreate": null, "confirm": null}"#,
        nil
      ),
    ] as [(String, [String]?)])
  func good(event: String, names: [String]?) throws {
    let topology = try Topology.standard()
    let routers = try ReadEvent(Array(event.utf8)).routers(of: topology)
    #expect(routers == names ?? topology.routers.map(\.name))
  }

  @Test(arguments: [
    (#"{"instances": []}"#, ["instances", "empty"]),
    (#"{"instances": "nv-sdwan"}"#, ["instances", "array"]),
    (#"{"instances": [1]}"#, ["instances", "array"]),
    (#"{"instances": {"nv-sdwan": true}}"#, ["instances", "array"]),
    (#"{"instances": ["nv-sdwan", "nowhere"]}"#, ["instances", "\"nowhere\"", "fra-branch1", "nv-sdwan"]),
    (#"{"reached": ["nowhere"]}"#, ["reached", "\"nowhere\""]),
    (#"{"reached": "all"}"#, ["reached", "array"]),
    (#"{"mode": "destroy"}"#, ["mode", "\"destroy\"", "allowed: apply, plan, rollback, command"]),
    (#"{"mode": 1}"#, ["mode", "must be"]),
    (#"{"action": "check"}"#, ["state", "check wants what start gave"]),
    (#"{"action": "check", "state": {"started": 1}}"#, ["state", "what the last start or check gave"]),
    (
      #"{"action": "check", "state": {"started": 1, "asked": 0, "wait": 15, "names": "x", "items": "r:x:id"}}"#,
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
    (#"{"action": "RUN"}"#, ["action", "\"RUN\"", "allowed: run, start, check, cancel"]),
    (#"{"execution": ""}"#, ["execution", "empty"]), (#"{"execution": 1}"#, ["execution", "ARN"]),
    (#"{"execution": "a", "retry_count": -1}"#, ["retry_count", "-1"]),
    (#"{"execution": "a", "step": 1}"#, ["step", "step's name"]),
    (#"{"maxConcurrency": 0}"#, ["maxConcurrency", "from 1 to"]),
    (#"{"maxConcurrency": "all"}"#, ["maxConcurrency"]),
    (#"{"timeout": 0}"#, ["timeout", "from 1 to 172800"]), (#"{"timeout": 1.5}"#, ["timeout"]),
    (#"{"action": true}"#, ["action", "must be"]),
    (#"{"recreate": "sometimes"}"#, ["recreate", "\"sometimes\"", "allowed: always, changed, never"]),
    (#"{"recreate": []}"#, ["recreate", "must be"]), (#"{"confirm": 1}"#, ["confirm", "true or false"]),
    (#"{"confirm": "yes"}"#, ["confirm", "true or false"]),
    ("[]", ["JSON object", "an array"]), ("\"text\"", ["JSON object", "a text"]),
    ("-17", ["JSON object", "a number"]),
    ("null", ["JSON object", "null"]), ("", ["JSON object", "empty"]), ("{", ["event", "ends"]),
    (#"{"a": 1,}x"#, ["event", "a name is missing at byte 8"]), ("{} {}", ["event", "the end"]),
    (#"{"mode": "plan", "confirm": true, "mo\u0064e": "apply"}"#, ["\"mode\" is there twice"]),
    (#"{"execution": "\#(String(repeating: "ü", count: 1025))"}"#, ["execution", "2048 bytes"]),
    (#"{"execution": "a", "wave": "\#(String(repeating: "w", count: 2049))"}"#, ["wave", "2048 bytes"]),
    (#"{"phase1_result": {"a": {"b": 1, "c": 2, "b": 1}}}"#, ["\"b\" is there twice"]),
  ])
  func bad(event: String, words: [String]) throws {
    let topology = try Topology.standard()
    let error = #expect(throws: Failure.self) {
      try ReadEvent(Array(event.utf8)).routers(of: topology)
    }
    #expect(error?.type == "Event.Invalid")
    for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
  }

  /// Also in a field that is ignored: who reads the event next may see something else in it.
  @Test(arguments: ["instances", "phase1_result"]) func notUTF8(field: String) {
    let event = Array("{\"\(field)\": [\"".utf8) + [0xFF, 0xFE] + Array(#""]}"#.utf8)
    let error = #expect(throws: Failure.self) { try ReadEvent(event) }
    #expect(error?.type == "Event.Invalid" && error?.message.contains("no UTF-8") == true)
  }

  @Test(arguments: ["[", #"{"a":"#, #"{"phase1_result": ["#, #"{"state": {"a":"#]) func deep(
    beginning: String
  ) {
    let event = Array(repeating: Array(beginning.utf8), count: 100_000).flatMap { $0 }
    let error = #expect(throws: Failure.self) { try ReadEvent(event) }
    #expect(error?.type == "Event.Invalid")
  }

  @Test func howDeep() throws {
    func event(_ depth: Int) -> [UInt8] {
      Array(
        (#"{"x": "# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}").utf8)
    }
    _ = try ReadEvent(event(127))
    let error = #expect(throws: Failure.self) { try ReadEvent(event(128)) }
    #expect(error?.message.contains("deeper than 128") == true)
  }

  /// What is ignored may be as large as Lambda takes; what is read has a bound.
  @Test func manyValues() throws {
    let many = "[\(String(repeating: "1,", count: 300_000))1]"
    #expect(try ReadEvent(Array(#"{"phase1_result": \#(many), "confirm": true}"#.utf8)).confirm)
    let error = #expect(throws: Failure.self) {
      try ReadEvent(Array(#"{"instances": \#(many)}"#.utf8))
    }
    #expect(error?.message.contains("more than 250000 values") == true)
  }
}
