import AWSClient
import FleetKit
import FleetTesting
import Foundation
import Groundwork
import SSMKit

/// A function of a fleet of any size, for tests of the engine: `HOSTS` says who, `KIND` what is sent (`same` to all, or `own`
/// scripts), `WAITS` whether hosts are waited for, `READS` whether it needs whole outputs.
struct Worker: FleetFunction {
  static let name = "worker"

  let list: TargetList
  let environment: Environment
  var regions: [Region] { list.regions }

  init(_ services: FleetServices) throws(Failure) {
    environment = services.environment
    list = try TargetList("HOSTS", services.environment)
  }

  func work(for event: FleetEvent, latest: Deadline) throws(Failure) -> any FleetWork {
    Ask(
      targets: try list.chosen(by: event), waitsForHosts: environment("WAITS") != nil,
      readsOutputs: environment("READS") != nil, isSame: environment("KIND") != "own", mode: event.mode,
      time: event.timeout)
  }

  private struct Ask: FleetWork {
    let purpose = Worker.name
    let targets: [Target]
    let waitsForHosts: Bool
    let readsOutputs: Bool
    let isSame: Bool
    let mode: Mode
    let time: Duration

    func command(for target: Target, _ look: Look, after said: [CommandResult]) -> CommandDocument? {
      let script = "#!/bin/bash\n\(mode.rawValue) \(isSame ? "all" : target.name)"
      return said.isEmpty ? .script(script, within: time) : nil
    }
  }
}

/// A worker's fleet in simulated time, and the execution that rolls something out on it.
struct WorkedFleet: Sendable {
  typealias Fake = FakeSystemsManager

  static let execution = "arn:aws:states:us-east-1:123456789012:execution:fleet:one"

  let time: SimulatedTime
  let systems: Fake
  let service: FakeService
  let names: [String]
  private let variables: [String: String]

  /// - Parameters:
  ///   - count: targets of each region.
  ///   - answer: of a command.
  init(
    _ count: Int, in regions: [Region] = [.virginia], _ time: SimulatedTime,
    _ variables: [String: String] = [:],
    answering answer: @escaping @Sendable (Fake.Command, Int) -> Fake.Answer = { _, _ in .init(stdout: "done")
    }
  ) {
    self.time = time
    let instances = regions.enumerated().flatMap { place, region in
      (0..<count).map { number in
        Fake.Instance(
          "\(region)-\(1000 + number)", "i-" + String(0x1_0000_0000 + place * 100_000 + number, radix: 16),
          in: region)
      }
    }
    names = instances.map(\.name)
    systems = Fake(instances, clock: time.clock, answer)
    service = systems.service
    let hosts = instances.map { "\($0.name)=\($0.region)/\($0.id)" }.joined(separator: " ")
    self.variables = variables.merging(["HOSTS": hosts]) { $1 }
  }

  /// One invocation, in a process of its own.
  func invoke(
    _ fields: [String: Any], within time: Duration = .seconds(900),
    latency: @escaping @Sendable (_ operation: String) -> Duration = { _ in .milliseconds(30) }
  ) async throws -> [String: Any] {
    let handler = try Worker.handler(
      service.dependencies(self.time.clock, environment: variables, latency: latency))
    let event: [String: Any] = [
      "execution": Self.execution, "wave": "w", "step": "s", "timeout": 600, "retry_count": 0,
    ].merging(fields) { $1 }
    let logger = Logger(environment: { _ in nil }, clock: { VirtualClock.start }, write: { _ in })
    let bytes = try await handler(
      Invocation(
        requestID: "request", deadline: self.time.clock.wall() + time,
        event: Array(try JSONSerialization.data(withJSONObject: event))), logger)
    let answer = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    return answer.merging(["size": bytes.count]) { $1 }
  }

  /// How a step went.
  struct Ended {
    var answer: [String: Any]
    var polls = 0
    /// The most bytes of a state.
    var largestState = 0
    /// The most commands that were under way after a step.
    var mostRunning = 0
  }

  /// `start`, and `check` until it is done, as the state machine does it.
  func step(
    _ fields: [String: Any] = [:], between: (Int) -> Void = { _ in }
  ) async throws -> Ended {
    var ended = Ended(answer: try await invoke(fields.merging(["action": "start"]) { $1 }))
    while ended.answer["done"] as? Bool == false {
      let state = ended.answer["state"] ?? ""
      ended.largestState = max(ended.largestState, try JSONSerialization.data(withJSONObject: state).count)
      ended.mostRunning = max(ended.mostRunning, counts(ended.answer)["running_count"] ?? 0)
      try await time.clock.sleep(.seconds(ended.answer["wait_seconds"] as? Int ?? 0))
      between(ended.polls)
      ended.polls += 1
      ended.answer = try await invoke(fields.merging(["action": "check", "state": state]) { $1 })
    }
    return ended
  }

  func counts(_ answer: [String: Any]) -> [String: Int] {
    (answer["progress"] as? [String: Any])?.compactMapValues { $0 as? Int } ?? [:]
  }

  /// Calls of Systems Manager by their operations.
  var calls: [String: Int] { Dictionary(grouping: service.calls, by: \.operation).mapValues(\.count) }

  /// Runs a test in simulated time.
  static func run<Value>(
    _ body: @escaping @Sendable (SimulatedTime) async throws -> Value
  ) async throws -> Value where Value: Sendable {
    try await SimulatedTime.run { time in
      do { return Result<Value, any Error>.success(try await body(time)) } catch {
        return .failure(error)
      }
    }.get()
  }
}

extension WorkedFleet.Ended {
  var successes: Int? { answer["success_count"] as? Int }
  var failed: [String] { answer["failed"] as? [String] ?? [] }
  var summary: String { answer["summary"] as? String ?? "" }
  func result(_ name: String) -> [String: Any] {
    (answer["results"] as? [String: [String: Any]])?[name] ?? [:]
  }
  func text(_ name: String, _ key: String) -> String { result(name)[key] as? String ?? "" }
}
