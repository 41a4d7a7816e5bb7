import Foundation
import SDWAN
import Testing

@testable import OperatorTool

@Suite struct WavesFileTests {
  private func file(_ text: String?) throws -> WavesFile {
    let network = NetworkConfiguration(topology: try .standard(), prefix: "/sdwan/")
    return try WavesFile("w.json", text.map { Array($0.utf8) }, network)
  }

  @Test func waves() throws {
    let list =
      #"[{"name": "one", "routers": ["nv-sdwan", "nv-branch1"]}, {"name": "rest", "rest": true, "dependsOn": ["one"], "maxErrors": "10%"}]"#
    #expect(
      try file(list).names == ["one", "rest"] && file(#"{"waves": \#(list)}"#).names == ["one", "rest"])
  }

  @Test(
    arguments: [
      (nil, "the file w.json can't be read"), ("{", "w.json is no JSON"),
      ("[]", #"w.json has no list of waves, such as [{"name": "canary", "routers": ["NAME"]}]"#),
      (#"{"wave": []}"#, #"w.json has no list of waves, such as [{"name": "canary", "routers": ["NAME"]}]"#),
      (#"[{"routers": []}]"#, "w.json: wave 1 is no object with a name"),
      (
        #"[{"name": "a", "router": ["nv-sdwan"]}]"#,
        "w.json: wave a has no field router; did you mean routers?"
      ),
      (
        #"[{"name": "a", "routers": ["nv-sdwam"]}]"#,
        "w.json: wave a: the network has no router nv-sdwam; did you mean nv-sdwan?"
      ),
      (#"[{"name": "a", "rest": true}, {"name": "a"}]"#, "w.json: there are two waves a"),
      (
        #"[{"name": "a", "routers": ["nv-sdwan"]}, {"name": "b", "routers": ["nv-sdwan"]}]"#,
        "w.json: nv-sdwan is in two waves, a and b"
      ),
      (
        #"[{"name": "canary", "rest": true}, {"name": "b", "dependsOn": ["canari"]}]"#,
        "w.json: wave b depends on canari, which is no wave before it; did you mean canary?"
      ),
      (
        #"[{"name": "a", "dependsOn": ["b"]}, {"name": "b"}]"#,
        "w.json: wave a depends on b, which is no wave before it"
      ),
    ] as [(String?, String)])
  func mistakes(text: String?, words: String) throws {
    let error = #expect(throws: ToolError.self) { try self.file(text) }
    #expect(error?.message == words && error?.outcome == .wrongUse)
  }

  @Test func beginnings() throws {
    let two = ["canary", "others"]
    #expect(try StartingPoint("phase2", kind: .synchronous, waves: []).text == "phase2")
    #expect(try StartingPoint("phase2", kind: .rollout, waves: ["all"]).text == "all.phase2")
    #expect(try StartingPoint("others", kind: .rollout, waves: two).step == nil)
    #expect(try StartingPoint("others.phase3", kind: .rollout, waves: two).step == "phase3")
    let phase = #expect(throws: ToolError.self) { try StartingPoint("phse2", kind: .synchronous, waves: []) }
    #expect(phase?.message == "--from is phase1, phase2 or phase3, not \"phse2\"; did you mean phase2?")
    let wave = #expect(throws: ToolError.self) { try StartingPoint("x", kind: .rollout, waves: two) }
    #expect(wave?.message == "--from is WAVE or WAVE.STEP; there is no wave \"x\"; there are canary, others")
    #expect(throws: ToolError.self) { try StartingPoint("phase2", kind: .rollout, waves: two) }
  }
}
