import AWSClient
import Foundation
import Groundwork
import FleetTesting

@testable import FleetKit
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

/// The three functions.
enum Phase: String, CaseIterable {
  case phase1, phase2, phase3

  var function: any FleetFunction.Type {
    switch self {
    case .phase1: BaseSetup.self
    case .phase2: VPN.self
    case .phase3: Verification.self
    }
  }

  var standardTimeout: Duration { function.standardTimeout }
}

/// An event as a phase reads it.
struct ReadEvent {
  let event: FleetEvent
  private let own: NetworkEvent

  init(_ event: [UInt8]) throws(Failure) {
    let settings: FleetSettings
    do throws(ConfigurationError) {
      settings = try FleetSettings(.network, standardTimeout: .seconds(300)) { _ in nil }
    } catch {
      throw Failure(error)
    }
    self.event = try FleetEvent(Invocation(requestID: "request", event: event), .network, settings)
    own = try self.event.part()
  }

  var confirm: Bool { own.confirm }

  /// The routers that it asks for.
  func routers(of topology: Topology) throws(Failure) -> [String] {
    try event.chosen(among: topology.routers.map(\.name))
  }
}

extension FunctionTitle {
  static func phase(_ phase: Phase) -> FunctionTitle { FunctionTitle(key: "phase", name: phase.rawValue) }
}

extension Logger {
  /// Writes nothing.
  static let silent = Logger(environment: { _ in nil }, clock: { VirtualClock.start }, write: { _ in })
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
    _ phase: Phase, event: String = "{}", clock: VirtualClock = VirtualClock(), deadline: UnixTime? = nil,
    environment: [String: String] = [:]
  ) async throws -> ReadResult {
    let variables = (phase == .phase1 ? Self.image : [:]).merging(environment) { $1 }
    let dependencies = service.dependencies(clock.clock(), environment: variables)
    let handler = try phase.function.handler(dependencies)
    let invocation = Invocation(requestID: "request", deadline: deadline, event: Array(event.utf8))
    let bytes = try await handler(invocation, .silent)
    let object = try JSONSerialization.jsonObject(with: Data(bytes))
    return ReadResult(object: object as? [String: Any] ?? [:])
  }
}
