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
    (#"{"mode": "destroy"}"#, ["mode", "\"destroy\"", "allowed: apply, plan"]),
    (#"{"mode": 1}"#, ["mode", "must be"]), (#"{"mode": null}"#, ["mode", "must be"]),
    (#"{"action": "start"}"#, ["action", "\"start\"", "does not support", "allowed: run"]),
    (#"{"action": "check"}"#, ["action", "\"check\""]), (#"{"action": "cancel"}"#, ["action", "\"cancel\""]),
    (#"{"action": "RUN"}"#, ["action", "no meaning"]), (#"{"action": true}"#, ["action", "must be"]),
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
