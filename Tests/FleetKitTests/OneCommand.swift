import AWSClient
import FleetTesting
import Groundwork
import SSMKit

@testable import FleetKit

/// A work of one target and one command, done in one invocation over a service of a test's own.
struct OneCommand: FleetWork {
  static let instanceID = "i-0123456789abcdef0"

  let purpose = "test"
  let targets: [Target]
  let document: CommandDocument

  func command(for target: Target, _ look: Look, after said: [CommandResult]) -> CommandDocument? {
    said.isEmpty ? document : nil
  }

  /// Runs the command to its end.
  /// - Parameters:
  ///   - event: of the invocation.
  ///   - timeout: of the command.
  ///   - latest: of the invocation.
  static func run(
    _ service: FakeService, _ clock: Clock, event: String = "{}", document: CommandDocument? = nil,
    timeout: Duration = .seconds(300), latest: Deadline = .never
  ) async throws -> TargetResult<NoDetails> {
    let services = try FleetServices(
      Worker.vocabulary, standardTimeout: Worker.standardTimeout, service.dependencies(clock))
    guard let instance = InstanceID(instanceID) else { return .failed("no instance id") }
    let target = Target("target", instance, in: .virginia)
    let engine = FleetEngine(
      work: OneCommand(
        targets: [target], document: document ?? .script("#!/bin/bash\ntrue", within: timeout)),
      targets: [target],
      event: try FleetEvent(
        Invocation(requestID: "request", event: Array(event.utf8)), Vocabulary(), services.settings),
      services: services,
      time: WorkTime(
        span: .invocation(begun: clock.now(), latest: latest), limit: timeout, limitName: "SSM_TIMEOUT",
        clock: clock), since: clock.wall(), trouble: nil, latest: latest, log: { _, _ in })
    return await FleetLoop(engine: engine).run(mayBeSent: false)["target"] ?? .failed("no result")
  }
}
