import AWSClient
import FleetTesting
import Foundation
import Groundwork
import SSMKit
import Synchronization
import Testing

@testable import FleetKit

/// A function that starts a job for its boxes, for tests: `SCRIPT` says call by call how that goes: `r` runs, `d` all are
/// done, `f` the first has failed and the rest runs, `?` no answer, `!` refused.
private struct Jobs: RolloutFunction {
  struct State: StepState {
    var calls: Int
    var refs: [String] { ["job-1"] }
  }

  static let name = "jobs"
  static let vocabulary = Vocabulary(item: "box", items: "boxes", names: "boxes", variables: "BOXES")
  static let ownActions = ["open"]
  static let asked = Mutex<[String: [String]]>([:])

  let regions = [Region.virginia]
  private let script: [Character]
  private let id: String

  init(_ services: FleetServices) {
    script = Array(services.environment("SCRIPT") ?? "")
    id = services.environment("ID") ?? ""
  }

  func roster(for event: FleetEvent, latest: Deadline) -> Roster? {
    Roster(["a", "b"], field: "boxes", commandHosts: .itemsAfter)
  }

  func start(_ step: StepRequest, latest: Deadline) throws(StepTrouble) -> StepOutcome<Self> {
    note("start \(step.mayHaveBegun)")
    return try outcome(step, 0)
  }

  func check(_ step: StepRequest, _ state: State, latest: Deadline) throws(StepTrouble) -> StepOutcome<Self> {
    note("check \(state.calls)")
    return try outcome(step, state.calls)
  }

  func hosts(of step: StepRequest, latest: Deadline) -> DocumentHosts {
    let instance = InstanceID("i-00000000000000001")
    return DocumentHosts(
      step.items.map { Target($0, instance.map { .success($0) }, .virginia) },
      notes: ["b": "it is stopped on purpose"], offers: ["WaveId": step.wave, "Unheard": "of"])
  }

  func perform(_ action: String, _ event: OwnEvent, latest: Deadline) -> OwnAnswer { OwnAnswer([action]) }

  private func note(_ text: String) { Self.asked.withLock { $0[id, default: []].append(text) } }

  private func outcome(_ step: StepRequest, _ calls: Int) throws(StepTrouble) -> StepOutcome<Self> {
    let number = Self.asked.withLock { ($0[id] ?? []).count } - 1
    let state = State(calls: calls + 1)
    switch number < script.count ? script[number] : "r" {
    case "d":
      return StepOutcome(
        state, ended: Dictionary(step.items.map { ($0, .succeeded()) }) { first, _ in first })
    case "f": return StepOutcome(state, ended: [step.items[0]: .failed("it burns")], wait: .seconds(30))
    case "?": throw .unknown("nobody answers")
    case "!": throw .refused("go away")
    default: return StepOutcome(state, wait: .seconds(60))
    }
  }
}

extension Target {
  fileprivate init(_ name: String, _ found: Result<InstanceID, Never>?, _ region: Region) {
    if case .success(let id)? = found {
      self.init(name, id, in: region)
    } else {
      self.init(name, Obstacle("none"))
    }
  }
}

@Suite struct RolloutFunctionTests {
  private let clock = VirtualClock()
  private let id = UUID().uuidString
  private let systems = FakeSystemsManager([.init("a", "i-00000000000000001", in: .virginia)]) { _, _ in
    .init()
  }

  private func invoke(
    _ script: String, _ fields: [String: Any],
    step: [String: Any] = [
      "execution": "arn:run", "wave": "w", "step": "s", "timeout": 300, "retry_count": 0,
      "boxes": ["a", "b"],
    ]
  ) async throws -> [String: Any] {
    let handler = try Jobs.handler(
      systems.service.dependencies(clock.clock(), environment: ["SCRIPT": script, "ID": id]))
    let event = try JSONSerialization.data(withJSONObject: step.merging(fields) { $1 })
    let logger = Logger(environment: { _ in nil }, clock: { VirtualClock.start }, write: { _ in })
    let bytes = try await handler(Invocation(requestID: "r", event: Array(event)), logger)
    let answer = try JSONSerialization.jsonObject(with: Data(bytes))
    return answer as? [String: Any] ?? ["list": answer]
  }

  /// A step to its end, and the pauses in it.
  private func run(_ script: String, timeout: Int = 300) async throws -> (answer: [String: Any], waits: [Int])
  {
    var answer = try await invoke(script, ["action": "start", "timeout": timeout])
    var waits: [Int] = []
    while answer["done"] as? Bool == false {
      waits.append(answer["wait_seconds"] as? Int ?? 0)
      clock.advance(.seconds(waits.last ?? 0))
      let state = answer["state"] ?? ""
      answer = try await invoke(script, ["action": "check", "state": state, "timeout": timeout])
    }
    return (answer, waits)
  }

  private var asked: [String] { Jobs.asked.withLock { $0[id] ?? [] } }

  @Test func aStepToItsEnd() async throws {
    let (answer, waits) = try await run("rrd")
    #expect(waits == [60, 60])
    #expect(answer["success_count"] as? Int == 2 && answer["refs"] as? [String] == ["job-1"])
    #expect(answer["summary"] as? String == "2 of 2 boxes succeeded" && answer["done"] as? Bool == true)
    #expect(asked == ["start false", "check 1", "check 2"])
  }

  @Test func whatIsUnknownLeavesEverythingAsItWas() async throws {
    let (answer, _) = try await run("??r?d")
    #expect(answer["success_count"] as? Int == 2)
    // Nobody knows whether the start came through, so it is made again as one that may have.
    #expect(asked == ["start false", "start true", "start true", "check 1", "check 1"])
  }

  @Test func unknownToTheEndIsATimeout() async throws {
    let (answer, _) = try await run("r" + String(repeating: "?", count: 50))
    #expect(answer["fail_count"] as? Int == 2 && answer["refs"] as? [String] == ["job-1"])
    let summary = try #require(answer["summary"] as? String)
    #expect(summary.contains("a: timed out after 300 s; the last look failed: nobody answers"))
  }

  @Test func aStepThatNeverBeganSaysSo() async throws {
    let (answer, _) = try await run(String(repeating: "?", count: 50))
    #expect(answer["fail_count"] as? Int == 2 && answer["refs"] == nil)
    #expect(!asked.contains { $0.hasPrefix("check") })
  }

  @Test func aRefusalEndsAllAtOnce() async throws {
    let (answer, waits) = try await run("!")
    #expect(waits.isEmpty && answer["failed"] as? [String] == ["a", "b"])
    #expect((answer["summary"] as? String)?.contains("a: go away") == true)
  }

  @Test func whatEndedInTimeCounts() async throws {
    let (answer, _) = try await run(String(repeating: "f", count: 50))
    let results = try #require(answer["results"] as? [String: [String: Any]])
    #expect(results["a"]?["stderr"] as? String == "it burns")
    #expect(results["b"]?["stderr"] as? String == "timed out after 300 s")
  }

  @Test func theWaysOfALongStepKeepTheNumberOfQuestions() async throws {
    let (_, waits) = try await run("", timeout: 7200)
    #expect(waits.prefix(5) == [60, 60, 60, 60, 60])
    #expect(waits.count <= PollPlan.polls(within: .seconds(7200)))
    #expect(waits.reduce(0, +) == 7200)
  }

  @Test(
    arguments: [
      (["action": "fly"], "the event's field action is \"fly\"; allowed: admit, start, check, cancel, open"),
      ([:], "the event's field action is missing; jobs works in steps: admit, start, check, cancel, open"),
      (["action": "check"], "the event's field state is missing; check wants what start gave"),
      (["action": "start", "boxes": ["a", "a"]], "the event's field boxes names one of the boxes twice"),
    ] as [([String: any Sendable], String)])
  func whatMakesNoSense(_ fields: [String: any Sendable], _ message: String) async throws {
    let error = await #expect(throws: Failure.self) { _ = try await invoke("", fields) }
    #expect(error?.type == "Event.Invalid" && error?.message == message)
    #expect(asked.isEmpty)
  }

  @Test func aStateBelongsToItsItems() async throws {
    let started = try await invoke("r", ["action": "start"])
    let error = await #expect(throws: Failure.self) {
      _ = try await invoke("r", ["action": "check", "state": started["state"] ?? "", "boxes": ["a"]])
    }
    #expect(error?.message.contains("about other boxes than the event") == true)
  }

  @Test func itsOwnActions() async throws {
    let answer = try await invoke("", ["action": "open"])
    #expect(answer["list"] as? [String] == ["open"])
  }

  // MARK: Documents

  private func document(_ command: [String: Any]) async throws -> [String: Any] {
    let fields: [String: Any] = ["mode": "command", "command": command]
    var answer = try await invoke("", fields.merging(["action": "start"]) { $1 })
    while answer["done"] as? Bool == false {
      clock.advance(.seconds(answer["wait_seconds"] as? Int ?? 0))
      answer = try await invoke(
        "", fields.merging(["action": "check", "state": answer["state"] ?? ""]) { $1 })
    }
    return answer
  }

  @Test func aDocumentOnTheItemsHosts() async throws {
    let answer = try await document(["document": "Acme-Check"])
    #expect(answer["success_count"] as? Int == 2)
    #expect(answer["summary"] as? String == "2 of 2 boxes succeeded; b: it is stopped on purpose")
    #expect(systems.commands.map(\.instance) == ["a"])
    #expect(asked.isEmpty)
  }

  @Test func aDocumentOnInstancesByName() async throws {
    let answer = try await document([
      "document": "Acme-Check", "instances": ["i-00000000000000001"],
    ])
    // The one instance stands for both boxes: a machine that counts other than its items refuses the answer.
    #expect(answer["success_count"] as? Int == 2 && answer["fail_count"] as? Int == 0)
    #expect(systems.commands.map(\.instance) == ["a"])
  }

  // MARK: Admission

  private func refusal(_ field: String, _ command: [String: Any]) async throws -> String? {
    let waves: [[String: Any]] = [["name": "w", "boxes": ["a"], field: [command]]]
    let standard = String(
      decoding: try JSONSerialization.data(withJSONObject: [["name": "w", "rest": true, field: [command]]]),
      as: UTF8.self)
    let message = try JSONSerialization.data(withJSONObject: [
      "action": "admit", "event": [:] as [String: Any], "steps": [] as [Any], "waves": waves,
    ])
    let logger = Logger(environment: { _ in nil }, clock: { VirtualClock.start }, write: { _ in })
    do {
      let handler = try Jobs.handler(
        systems.service.dependencies(clock.clock(), environment: ["BOXES_WAVES": standard]))
      _ = try await handler(Invocation(requestID: "r", event: Array(message)), logger)
      return nil
    } catch { return error.message }
  }

  @Test func commandsBeforeNameInstances() async throws {
    let named: [String: Any] = ["document": "Acme-Check", "instances": ["i-00000000000000001"]]
    #expect(try await refusal("preCommands", named) == nil)
    #expect(try await refusal("postCommands", named) == nil)
    #expect(try await refusal("postCommands", ["document": "Acme-Check"]) == nil)
    #expect(
      try await refusal("preCommands", ["document": "Acme-Check"])
        == "waves[0] (w).preCommands[0].instances is missing: a list of the instances that the document runs on"
    )
    #expect(
      try await refusal("preCommands", ["document": "Acme-Check", "instances": ["i-1"]])?.contains(
        "instances must be a list of 1 to 50") == true)
  }
}
