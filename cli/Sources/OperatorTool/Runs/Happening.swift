import Foundation
import Groundwork

/// A part of an execution: a phase of the synchronous machine, or a step of a rollout's wave.
struct Stage: Sendable, Equatable {
  /// nil where there are no waves.
  var wave: String?
  /// E.g. `phase2`, `pre1`.
  var name: String
  var began: UnixTime
  var ended: UnixTime?
  /// How many items it is about, where that is known.
  var items: Int?
  var succeeded = 0
  var failed = 0
  /// Names of the failed, as far as they are told.
  var failedNames: [String] = []
  /// What is known of those that have not ended.
  var progress: StageProgress?
  var summary = ""
  /// Why nothing is known of its items: its function ended with an error.
  var trouble: String?

  /// `others.phase2`: where a rollout can begin.
  var point: String { wave.map { "\($0).\(name)" } ?? name }
  /// In words.
  var title: String { wave.map { "\($0) \(name)" } ?? name }
}

/// What a step's function answers while it is not done.
struct StageProgress: Decodable, Sendable, Equatable {
  var waiting: Int
  var running: Int
  var succeeded: Int
  var failed: Int
  /// Names, the first ones.
  var pending: [String]

  private enum Key: String, CodingKey {
    case pending
    case waiting = "waiting_count"
    case running = "running_count"
    case succeeded = "success_count"
    case failed = "fail_count"
  }

  /// A worker of somebody else's may count other things; what it does not tell is zero.
  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    waiting = try fields.decodeIfPresent(Int.self, forKey: .waiting) ?? 0
    running = try fields.decodeIfPresent(Int.self, forKey: .running) ?? 0
    succeeded = try fields.decodeIfPresent(Int.self, forKey: .succeeded) ?? 0
    failed = try fields.decodeIfPresent(Int.self, forKey: .failed) ?? 0
    pending = try fields.decodeIfPresent([String].self, forKey: .pending) ?? []
  }
}

/// What an execution's history tells, as it comes.
enum Happening: Sendable, Equatable {
  case began(Stage)
  /// How a step that is at work stands.
  case advanced(Stage)
  case ended(Stage)
  case waveBegan(String)
  case waveEnded(String, status: String, reason: String)
  case approvalWanted(PendingApproval)
  case approvalAnswered(String)
  case paused(UnixTime)
  /// The execution's own end, where it was no success.
  case broke(error: String, cause: String)
}
