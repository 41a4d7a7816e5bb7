import FleetTesting
import Foundation
import Groundwork
import SSMKit
import Testing

@testable import FleetKit

/// A command's mark says what is sent: whatever is another command is sent, and nothing is sent twice.
@Suite struct MarkTests {
  private static func command(_ document: String, _ parameters: [String: [String]] = [:]) -> [String: Any] {
    ["mode": "command", "command": ["document": document, "parameters": parameters]]
  }

  /// Nobody says which attempt it is, so it may be any: what is there counts, and nothing else.
  private func sent(
    _ first: [String: Any], _ second: [String: Any], action: String
  ) async throws -> (commands: Int, marks: Int) {
    let fields = try [first, second].map {
      try JSONSerialization.data(
        withJSONObject: $0.merging(["retry_count": NSNull(), "action": action]) { $1 })
    }
    return try await WorkedFleet.run { time in
      let fleet = WorkedFleet(12, time)
      for one in fields {
        let event = try #require(try JSONSerialization.jsonObject(with: one) as? [String: Any])
        _ = try await fleet.invoke(event)
      }
      let marks = Set(fleet.systems.commands.compactMap { $0.comment.split(separator: " ").last })
      #expect(fleet.systems.commands.allSatisfy { $0.comment.count <= 100 })
      return (fleet.systems.commands.count, marks.count)
    }
  }

  @Test(arguments: ["run", "start"]) func theSameIsNotSentAgain(action: String) async throws {
    #expect(try await sent([:], [:], action: action) == (12, 1))
    let command = Self.command("Acme-Do")
    #expect(try await sent(command, command, action: action) == (12, 1))
  }

  /// A rollback by hand with the apply's execution; the second of two commands under one wave's and step's name.
  @Test(arguments: ["run", "start"]) func anotherModeOrDocument(action: String) async throws {
    #expect(try await sent([:], ["mode": "rollback"], action: action) == (24, 2))
    #expect(try await sent(Self.command("Acme-Do"), Self.command("Acme-Undo"), action: action) == (24, 2))
    let (one, two) = (Self.command("Acme-Do", ["a": ["1"]]), Self.command("Acme-Do", ["a": ["2"]]))
    #expect(try await sent(one, two, action: action) == (24, 2))
    #expect(try await sent([:], Self.command("Acme-Do"), action: action) == (24, 2))
  }

  @Test(arguments: ["wave", "step", "execution"]) func anotherPlace(field: String) async throws {
    #expect(try await sent([:], [field: "another"], action: "start") == (24, 2))
  }

  /// Parts of a list are told from each other: names that only differ in where one ends are.
  @Test func partsAreApart() async throws {
    let (one, two): ([String: Any], [String: Any]) = (
      ["wave": "a", "step": "bc"], ["wave": "ab", "step": "c"]
    )
    #expect(try await sent(one, two, action: "start") == (24, 2))
  }

  /// Outside of an execution the request that began the work plays its part.
  @Test func outsideOfAnExecution() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(12, time)
      let nobody: [String: Any] = ["execution": NSNull(), "wave": NSNull(), "step": NSNull()]
      let started = try await fleet.invoke(nobody.merging(["action": "start"]) { $1 })
      let state = try #require(started["state"] as? [String: Any])
      #expect(state["execution"] as? String == "request")
      let check = nobody.merging(["action": "check", "state": state]) { $1 }
      #expect(try await fleet.invoke(check)["success_count"] as? Int == 12)
      let error = await #expect(throws: Failure.self) {
        _ = try await fleet.invoke(["action": "check", "state": state])
      }
      #expect(error?.message.contains("not that of an execution") == true)
    }
  }

  /// What an execution has left running is stopped, and counted truly: also where there is nothing.
  @Test func cancelling() async throws {
    try await WorkedFleet.run { time in
      let fleet = WorkedFleet(120, time)
      let nothing = try await fleet.invoke(["action": "cancel"])
      #expect(nothing["cancelled_count"] as? Int == 0 && nothing["asked_count"] as? Int == 0)
      fleet.systems.keepBusy(Set(fleet.names))
      fleet.systems.keepDeaf([fleet.names[3]])
      _ = try await fleet.invoke(["action": "start"])
      let began = time.elapsed
      let answer = try await fleet.invoke(["action": "cancel"])
      #expect(answer["cancelled_count"] as? Int == 2 && answer["asked_count"] as? Int == 1)
      #expect(fleet.systems.commands.count(where: \.isCancelled) == 119)
      #expect(time.elapsed - began < .seconds(40))
    }
  }
}
