import Foundation
import Orchestration

/// What a rollout says at its end (docs/rollout-engine.md).
struct RolloutOutput: Decodable, Sendable {
  /// `COMPLETED`, `PARTIAL`, `FAILED` or `CANCELLED`.
  var status: String
  /// Where to go on.
  var startAt: String?
  /// Items that no wave names.
  var leftOut: Int?
  var waves: [Wave]

  struct Wave: Decodable, Sendable {
    var name: String
    var status: String
    var reason: String?
    var steps: [Step]?
  }

  struct Step: Decodable, Sendable {
    var step: String
    var successCount: Int?
    var failCount: Int?
    var unknownCount: Int?
    var failed: [String]?
    var summary: String?

    private enum CodingKeys: String, CodingKey {
      case step, failed, summary
      case successCount = "success_count"
      case failCount = "fail_count"
      case unknownCount = "unknown_count"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case status, waves
    case startAt = "start_at"
    case leftOut = "left_out"
  }

  /// nil of an execution that has none: it runs, was stopped, or is no rollout's.
  init?(_ execution: Execution) {
    // One that failed says it as its cause.
    let texts = [execution.output, execution.cause].compactMap(\.self)
    let read = texts.lazy.compactMap { try? JSONDecoder().decode(Self.self, from: Data($0.utf8)) }.first
    guard let read else { return nil }
    self = read
  }
}
