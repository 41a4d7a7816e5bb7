import AWSClient
import FleetKit
import FleetTesting
import Foundation
import Groundwork
import Testing

/// A function that admits rollouts of servers, some of which are in groups.
struct Recovery: FleetFunction {
  static let name = "recovery"
  static let vocabulary = Vocabulary(
    item: "server", items: "servers", whole: "fleet", names: "servers", function: "function",
    variables: "ACME")

  let regions = [Region.virginia]
  private let servers: [String]
  private let isWhole: Bool

  init(_ services: FleetServices) {
    isWhole = services.environment("PARTIAL") == nil
    servers = (services.environment("SERVERS") ?? "a b c d e").split(separator: " ").map(String.init)
  }

  func work(for event: FleetEvent, latest: Deadline) throws(Failure) -> any FleetWork {
    throw Failure(type: "Test.Wrong", message: "an admission asks for no work")
  }

  func roster(for event: FleetEvent, latest: Deadline) throws(Failure) -> Roster? {
    Roster(
      servers, field: "servers", groups: ["groups": ["web": ["a", "b"], "db": ["c"], "none": []]],
      broken: ["groups": ["old": "the parameter old is no group"]], isWhole: isWhole)
  }
}

/// Asks for admissions as the state machine does.
struct AdmissionDesk {
  var environment: [String: String] = [:]
  var event = "{}"
  var steps = """
    [{"name": "first", "function": "arn:1", "timeout": 3600, "pause": 60},
     {"name": "last", "function": "arn:2", "timeout": 600, "reached": true}]
    """
  /// What S3 has.
  var object: String?

  /// - Parameter waves: as given with the execution; nil for none.
  func ask(_ waves: String? = nil) async throws -> [String: Any] {
    let service = FakeService { [object] _, _ in
      object.map { .json($0) } ?? .error("Nothing")
    }
    let handler = try Recovery.handler(
      service.dependencies(VirtualClock().clock(), environment: environment))
    let given = waves.map { ", \"waves\": \($0)" } ?? ""
    let message = """
      {"action": "admit", "execution": "arn:run", "event": \(event), "steps": \(steps)\(given)}
      """
    let logger = Logger(environment: { _ in nil }, clock: { VirtualClock.start }, write: { _ in })
    let bytes = try await handler(Invocation(requestID: "r", event: Array(message.utf8)), logger)
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  /// The waves' items by name.
  func items(_ waves: String? = nil) async throws -> [String: [String]] {
    let waves = try await #require(ask(waves)["waves"] as? [[String: Any]])
    let items = waves.map { ($0["name"] as? String ?? "", $0["items"] as? [String] ?? []) }
    return Dictionary(items) { _, second in second }
  }

  /// Why the rollout is refused.
  func refusal(_ waves: String? = nil) async -> String? {
    let error = await #expect(throws: Failure.self) { try await ask(waves) }
    #expect(error?.type == "Input.Invalid", "\(String(describing: error))")
    return error?.message
  }
}
