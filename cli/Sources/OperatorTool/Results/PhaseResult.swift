import Foundation
import SDWAN

/// What a phase answered, or another function of a fleet, as far as an operator asks for it.
struct PhaseResult: Decodable, Sendable {
  /// Empty of a function that is no phase.
  let phase: String
  let successCount: Int
  let failCount: Int
  let failed: [String]
  let summary: String
  let results: [String: RouterResult]
  /// Routers whose result is elsewhere because there are so many.
  let omittedCount: Int?
  /// Where all of them are.
  let resultsURI: String?

  private enum Key: String, CodingKey {
    case phase, failed, summary, results
    case successCount = "success_count"
    case failCount = "fail_count"
    case omittedCount = "omitted_count"
    case resultsURI = "results_uri"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    phase = try fields.decodeIfPresent(String.self, forKey: .phase) ?? ""
    successCount = try fields.decode(Int.self, forKey: .successCount)
    failCount = try fields.decode(Int.self, forKey: .failCount)
    failed = try fields.decodeIfPresent([String].self, forKey: .failed) ?? []
    summary = try fields.decodeIfPresent(String.self, forKey: .summary) ?? ""
    results = try fields.decodeIfPresent([String: RouterResult].self, forKey: .results) ?? [:]
    omittedCount = try fields.decodeIfPresent(Int.self, forKey: .omittedCount)
    resultsURI = try fields.decodeIfPresent(String.self, forKey: .resultsURI)
  }
}

/// What a phase found out about, or did to, a router.
struct RouterResult: Decodable, Sendable {
  let status: String
  let stderr: String
  let details: Details

  struct Details: Decodable, Sendable {
    var interfaces: String?
    var reasons: [String]?
    var checks: [Check]?
    var diagnosis: Diagnosis?
    var furtherDiagnoses: [Diagnosis]?
    var numbers: Numbers?
    var checkedAt: String?
    var diff: [String]?
    var foreign: [String]?
    var container: String?
    /// Of phase 2: `committed` or `unchanged`.
    var configuration: String?

    private enum CodingKeys: String, CodingKey {
      case interfaces, reasons, checks, diagnosis, numbers, diff, foreign, container, configuration
      case furtherDiagnoses = "further_diagnoses"
      case checkedAt = "checked_at"
    }
  }

  struct Check: Decodable, Sendable {
    var area: String
    var name: String
    var health: String
    var seen: String?
    var reason: String?
  }

  struct Numbers: Decodable, Sendable {
    struct Ping: Decodable, Sendable {
      var loss: Double?
      /// Milliseconds.
      var roundTrip: Double?

      private enum CodingKeys: String, CodingKey {
        case loss
        case roundTrip = "rtt_ms"
      }
    }

    var ping: [String: Ping]?
  }

  private enum Key: CodingKey { case status, stderr, details }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    status = try fields.decode(String.self, forKey: .status)
    stderr = try fields.decodeIfPresent(String.self, forKey: .stderr) ?? ""
    details = try fields.decodeIfPresent(Details.self, forKey: .details) ?? Details()
  }
}
