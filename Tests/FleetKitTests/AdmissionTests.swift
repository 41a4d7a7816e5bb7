import FleetKit
import FleetTesting
import Foundation
import Groundwork
import Testing

@Suite struct AdmissionTests {
  private let desk = AdmissionDesk()

  @Test func withoutWavesOneHasEverything() async throws {
    let answer = try await desk.ask()
    let waves = try #require(answer["waves"] as? [[String: Any]])
    #expect(waves.count == 1 && waves[0]["name"] as? String == "all")
    #expect(waves[0]["items"] as? [String] == ["a", "b", "c", "d", "e"])
    #expect((waves[0]["steps"] as? [[String: String]])?.map { $0["name"] } == ["first", "last"])
    #expect(answer["left_out"] == nil)
  }

  @Test func aWholeWave() async throws {
    let desk = AdmissionDesk(
      environment: [
        "ACME_WAVES": #"[{"name": "x", "rest": true, "preCommands": [{"document": "Acme-Do"}]}]"#
      ])
    let answer = try await desk.ask(
      """
      [{"name": "canary", "servers": ["b"], "maxErrors": "10%", "rest": null},
       {"name": "rest", "rest": true, "dependsOn": ["canary"], "pauseBefore": true, "maxErrors": 2, "maxConcurrency": 7,
        "onFailure": "rollback", "preCommands": [{"document": "Acme-Do", "parameters": {"a": ["1"]}, "timeout": 9}],
        "postCommands": [{"document": "Acme-Do", "required": false}]}]
      """)
    let waves = try #require(answer["waves"] as? [[String: Any]])
    #expect(
      waves[0] as NSDictionary == [
        "name": "canary", "items": ["b"], "maxErrors": "10%", "steps": [["name": "first"], ["name": "last"]],
      ])
    let command = { (extra: [String: Any]) in
      ["mode": "command", "command": ["document": "Acme-Do", "parameters": extra]] as [String: Any]
    }
    #expect(
      waves[1] as NSDictionary == [
        "name": "rest", "items": ["a", "c", "d", "e"], "dependsOn": ["canary"], "pauseBefore": true,
        "maxErrors": 2, "maxConcurrency": 7, "onFailure": "rollback",
        "steps": [
          ["name": "pre1", "timeout": 9, "event": command(["a": ["1"]])], ["name": "first"],
          ["name": "last"], ["name": "post1", "timeout": 600, "required": false, "event": command([:])],
        ],
      ])
  }

  @Test func groupsAndWhatIsLeftOut() async throws {
    let answer = try await desk.ask(#"[{"name": "one", "groups": ["web", "db"], "servers": ["a"]}]"#)
    let waves = try #require(answer["waves"] as? [[String: Any]])
    #expect(waves[0]["items"] as? [String] == ["a", "b", "c"] && answer["left_out"] as? Int == 2)
    #expect(try await desk.items(#"[{"name": "one", "items": ["e", "a"]}]"#) == ["one": ["e", "a"]])
  }

  @Test(arguments: [
    (#""all""#, "waves must be a list of waves, each an object with a name"),
    ("[]", "waves is empty; leave it out for the deployment's own"),
    ("[7]", "waves[0] must be an object"),
    (#"[{"rest": true}]"#, "waves[0].name is missing; it must be up to 40"),
    (#"[{"name": "A b", "rest": true}]"#, #"waves[0].name is "A b"; it must be up to 40"#),
    (#"[{"name": "w"}]"#, "waves[0] (w) must have one of servers, groups, items or rest: true"),
    (
      #"[{"name": "w", "servers": []}]"#, "waves[0] (w) must have one of servers, groups, items or rest: true"
    ),
    (
      #"[{"name": "w", "servers": ["a"], "rest": true}]"#,
      "waves[0] (w) must have either servers, groups, items or rest: true, not both"
    ),
    (#"[{"name": "w", "servers": ["z"]}]"#, #"waves[0] (w).servers names "z"; there are a, b, c, d, e"#),
    (#"[{"name": "w", "groups": ["a"]}]"#, #"waves[0] (w).groups names "a"; there are db, none, web"#),
    (#"[{"name": "w", "groups": ["none"]}]"#, "waves[0] (w) is empty: nothing is left for it"),
    (#"[{"name": "w", "servers": ["a", "a"]}]"#, "waves[0] (w).servers names a twice"),
    (#"[{"name": "w", "servers": "a"}]"#, "waves[0].servers must be a list of names"),
    (#"[{"name": "w", "servers": ["a"], "maxError": 1}]"#, "waves[0].maxError must be a list of names"),
    (#"[{"name": "w", "rest": true, "others": ["a"]}]"#, #"waves[0] (w) has no field "others"; it has name"#),
    (#"[{"name": "w", "rest": 1}]"#, "waves[0].rest must be true or false"),
    (#"[{"name": "w", "rest": true}, {"name": "w", "servers": ["a"]}]"#, "two waves are called w"),
    (#"[{"name": "v", "rest": true}, {"name": "w", "rest": true}]"#, "v and w all have rest; one wave can"),
    (
      #"[{"name": "v", "servers": ["a"]}, {"name": "w", "groups": ["web"]}]"#, "a is in two waves, v and w"
    ),
    (
      #"[{"name": "v", "items": ["a", "b", "c", "d", "e"]}, {"name": "w", "rest": true}]"#,
      "waves[1] (w) is empty: nothing is left for it"
    ),
    (
      #"[{"name": "w", "rest": true, "dependsOn": ["w"]}]"#,
      #"waves[0] (w).dependsOn names "w", which is no wave before it"#
    ),
    (
      #"[{"name": "v", "servers": ["a"], "dependsOn": ["w"]}, {"name": "w", "rest": true}]"#,
      #"waves[0] (v).dependsOn names "w", which is no wave before it"#
    ),
    (
      #"[{"name": "w", "rest": true, "dependsOn": "v"}]"#, "waves[0].dependsOn must be a list of waves' names"
    ),
    (#"[{"name": "w", "rest": true, "pauseBefore": "yes"}]"#, "waves[0].pauseBefore must be true or false"),
    (
      #"[{"name": "w", "rest": true, "onFailure": "ignore"}]"#,
      "waves[0].onFailure must be one of: stop, continue, rollback"
    ),
    (#"[{"name": "w", "rest": true, "maxErrors": -1}]"#, "waves[0].maxErrors must be a whole number from 0"),
    (#"[{"name": "w", "rest": true, "maxErrors": 0.5}]"#, "waves[0].maxErrors must be a whole number from 0"),
    (#"[{"name": "w", "rest": true, "maxErrors": "101%"}]"#, "waves[0].maxErrors must be a whole number"),
    (#"[{"name": "w", "rest": true, "maxErrors": "+5%"}]"#, "waves[0].maxErrors must be a whole number"),
    (#"[{"name": "w", "rest": true, "maxErrors": 100000}]"#, "waves[0].maxErrors must be a whole number"),
    (
      #"[{"name": "w", "rest": true, "maxConcurrency": 0}]"#,
      "waves[0].maxConcurrency is 0; it must be a whole number from 1 to 1000"
    ),
    (#"[{"name": "w", "rest": true, "preCommands": {}}]"#, "waves[0].preCommands must be a list of commands"),
    (#"[{"name": "w", "rest": true, "preCommands": ["x"]}]"#, "waves[0].preCommands[0] must be an object"),
    (
      #"[{"name": "w", "rest": true, "preCommands": [{}]}]"#,
      "waves[0].preCommands[0].document is missing; it must be a document's name or ARN"
    ),
    (
      #"[{"name": "w", "rest": true, "postCommands": [{"document": "a b c"}]}]"#,
      #"waves[0].postCommands[0].document is "a b c"; it must be a document's name or ARN"#
    ),
    (
      #"[{"name": "w", "rest": true, "preCommands": [{"document": "Acme-Do", "timeout": 0}]}]"#,
      "waves[0].preCommands[0].timeout is 0; it must be a whole number from 1 to 172800"
    ),
    (
      #"[{"name": "w", "rest": true, "preCommands": [{"document": "Acme-Do", "retry": 1}]}]"#,
      #"waves[0].preCommands[0] has no field "retry"; it has document, parameters, instances, timeout, required"#
    ),
    (
      #"[{"name": "w", "rest": true, "preCommands": [{"document": "Acme-Do", "parameters": {"a": "b"}}]}]"#,
      "waves[0].preCommands[0].parameters must be an object whose values are lists of texts"
    ),
    (
      #"[{"name": "w", "rest": true, "preCommands": [{"document": "Acme-Do", "parameters": {"a b": []}}]}]"#,
      #"waves[0].preCommands[0].parameters has "a b"; it must be an object"#
    ),
    (
      #"[{"name": "w", "rest": true, "preCommands": [{"document": "Acme-Do"}]}]"#,
      #"waves[0] (w) runs the document "Acme-Do"; the deployment's own waves, which say what may be run, have none"#
    ),
  ])
  func whatIsRefused(waves: String, words: String) async throws {
    let refusal = try #require(await desk.refusal(waves))
    #expect(refusal.hasPrefix(words), "\(refusal)")
  }

  @Test func tooManyWavesAndCommands() async throws {
    let waves = { (count: Int) in
      "[" + (0..<count).map { #"{"name": "w\#($0)", "items": ["s\#($0)"]}"# }.joined(separator: ",") + "]"
    }
    var desk = desk
    desk.environment["SERVERS"] = (0...100).map { "s\($0)" }.joined(separator: " ")
    desk.steps = #"[{"name": "first", "timeout": 10}]"#
    #expect(try await desk.items(waves(100)).count == 100)
    #expect(await desk.refusal(waves(101)) == "there are 101 waves; 100 are possible")
    let commands = Array(repeating: #"{"document": "Acme-Do"}"#, count: 11).joined(separator: ",")
    #expect(
      await desk.refusal(#"[{"name": "w", "rest": true, "preCommands": [\#(commands)]}]"#)
        == "waves[0].preCommands has 11 commands; 10 are possible")
  }

  /// The execution's input is judged, too, before anything is done.
  @Test(arguments: [
    (#"{"servers": ["a", "z"]}"#, #"the event's field servers names "z"; the fleet has a, b, c, d, e"#),
    (#"{"servers": "a"}"#, "the event's field servers must be an array of server names"),
    (#"{"mode": "rollback"}"#, #"mode rollback is a step of its own here: give {"steps": ["rollback"]}"#),
    (#"{"mode": "away"}"#, #"the event's field mode is "away"; allowed:"#),
    (
      #"{"mode": "command", "command": {"document": "Acme-Do"}}"#,
      "mode command is a wave's: give preCommands or postCommands"
    ),
  ])
  func whatTheInputMayNotSay(event: String, words: String) async throws {
    let refusal = try #require(await AdmissionDesk(event: event).refusal())
    #expect(refusal.hasPrefix(words), "\(refusal)")
  }

  @Test func theDeploymentsOwnWaves() async throws {
    let own = #"[{"name": "web", "groups": ["web"]}, {"name": "others", "rest": true}]"#
    var desk = AdmissionDesk(environment: ["ACME_WAVES": own])
    #expect(try await desk.items() == ["web": ["a", "b"], "others": ["c", "d", "e"]])
    desk.environment["ACME_WAVES"] = "s3://bucket/waves.json?versionId=1"
    desk.object = own
    #expect(try await desk.items() == ["web": ["a", "b"], "others": ["c", "d", "e"]])
    desk.object = "[{}]"
    var error = await #expect(throws: Failure.self) { try await desk.ask() }
    #expect(error?.type == "Configuration.Invalid")
    #expect(error?.message.contains("(ACME_WAVES) is no list of waves: waves[0].name is missing") == true)
    desk.environment["ACME_WAVES"] = #"[{"name": "web", "groups": ["web"]}]"#
    #expect(
      await desk.refusal()
        == "the deployment's waves leave out 3 of the fleet, c among them: name them, or give one wave rest = true"
    )
    desk.environment["ACME_WAVES"] = "[{]"
    error = await #expect(throws: Failure.self) { try await desk.ask() }
    #expect(error?.type == "Configuration.Invalid" && error?.message.contains("ACME_WAVES") == true)
  }

  /// A deployment that has a part of what there is only: a rollout tells how many it left out.
  @Test func aDeploymentOfAPart() async throws {
    let own = #"[{"name": "web", "groups": ["web"]}]"#
    let desk = AdmissionDesk(environment: ["ACME_WAVES": own, "PARTIAL": "1"])
    #expect(try await desk.items() == ["web": ["a", "b"]])
    #expect(try await desk.ask()["left_out"] as? Int == 3)
  }

  @Test func aBrokenGroupIsInNobodysWayWhoDoesNotNameIt() async throws {
    let desk = AdmissionDesk()
    #expect(try await desk.items(#"[{"name": "w", "groups": ["web"]}]"#) == ["w": ["a", "b"]])
    #expect(
      await desk.refusal(#"[{"name": "w", "groups": ["web", "old"]}]"#)
        == "waves[0] (w).groups: the parameter old is no group")
  }
}
