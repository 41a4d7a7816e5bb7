import FleetKit
import Groundwork

extension Termination {
  /// What `terminate` is sent.
  struct Asked: EventPart {
    let execution: String
    /// What the last `terminate` gave; nil for the first one.
    let state: State?

    static let names: Set<String> = ["execution", "state"]

    private enum Key: String, CodingKey { case execution, state }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      guard let execution: String = try fields.value(.execution, "an execution's ARN"),
        execution.hasPrefix("arn:")
      else { throw Failure.event("the event's field execution must be the ARN of the drill's execution") }
      self.execution = execution
      state = try fields.value(.state, "what the last terminate gave")
    }
  }

  /// How far it has come.
  struct State: Codable, Sendable {
    /// The jobs that terminate.
    var jobs: [String]
    /// Recovery instances by the servers that they are made of.
    var instances: [String: String]
    var looks = 0
    /// When the jobs were first seen as completed with instances left, in seconds since 1970.
    var completed: Int?

    var wait: Int { looks < 1 ? 15 : looks < 2 ? 30 : 60 }
  }

  struct Answer: Encodable, Sendable {
    var done: Bool
    var wait: Int?
    var state: State?
    var successCount: Int?
    var failCount: Int?
    var failed: [String]?
    var summary: String
    var refs: [String]

    enum CodingKeys: String, CodingKey {
      case done, state, failed, summary, refs
      case wait = "wait_seconds"
      case successCount = "success_count"
      case failCount = "fail_count"
    }
  }
}
