import Foundation
import TestSupport

@testable import SDWAN

/// A phase's result, read back.
struct ReadResult {
  var object: [String: Any]
  var results: [String: [String: Any]] { object["results"] as? [String: [String: Any]] ?? [:] }

  func details(_ router: String) -> [String: Any] { results[router]?["details"] as? [String: Any] ?? [:] }
  func text(_ router: String, _ key: String) -> String { results[router]?[key] as? String ?? "" }
  var failed: [String] { object["failed"] as? [String] ?? [] }
  var summary: String { object["summary"] as? String ?? "" }
}

/// The event of a phase's step in an execution that is always the same.
func stepEvent(_ action: String, _ more: [String: Any] = [:]) throws -> String {
  let execution = "arn:aws:states:us-east-1:123456789012:execution:sdwan:run-1"
  let fields = ["action": action, "execution": execution, "retry_count": 0].merging(more) { $1 }
  return String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
}

extension FakeHosts {
  /// The hosts of the standard network.
  static func standard(
    _ answer: @escaping @Sendable (_ router: String, _ number: Int) -> Answer = { _, _ in
      Answer(stdout: "sdwan: configuration committed\n")
    }
  ) throws -> FakeHosts {
    FakeHosts(try Topology.standard(), try RandomNetwork.standardHosts(), answer)
  }

  static let image = [
    "VYOS_S3_BUCKET": "images", "VYOS_S3_KEY": "vyos.tar.gz", "VYOS_S3_REGION": "us-east-1",
  ]

  /// Runs a phase with these hosts.
  func run(
    _ phase: Phase, event: String = "{}", clock: VirtualClock = VirtualClock(), deadline: Double? = nil,
    environment: [String: String] = [:]
  ) async throws -> ReadResult {
    let variables = (phase == .phase1 ? Self.image : [:]).merging(environment) { $1 }
    let dependencies = service.dependencies(clock.clock(), environment: variables)
    let handler = try PhaseHandler(phase, dependencies)
    let bytes = try await handler.handle(
      event: Array(event.utf8), deadline: deadline, requestID: "request", log: { _, _, _ in })
    let object = try JSONSerialization.jsonObject(with: Data(bytes))
    return ReadResult(object: object as? [String: Any] ?? [:])
  }
}
