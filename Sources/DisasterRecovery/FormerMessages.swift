import FleetKit
import Groundwork

extension FormerNames {
  /// What `start_wave` is sent.
  struct Start: EventPart {
    let number: Int
    let servers: [String]
    let groups: [String]
    let plan: String?
    let execution: String
    let wishes: RecoveryEvent

    static let names: Set<String> = RecoveryEvent.names.union(["wave", "execution_id"])

    private enum Key: String, CodingKey { case wave, execution = "execution_id" }
    private enum WaveKey: String, CodingKey {
      case number = "WaveNumber"
      case servers = "Servers"
      case groups = "ProtectionGroups"
      case plan = "PlanId"
    }

    init(from decoder: any Decoder) throws {
      wishes = try RecoveryEvent(from: decoder)
      let fields = try decoder.container(keyedBy: Key.self)
      execution = try fields.value(.execution, "an execution's id") ?? ""
      guard let wave = try? fields.nestedContainer(keyedBy: WaveKey.self, forKey: .wave) else {
        throw Failure.event(
          "the event's field wave must be an object with WaveNumber and Servers or ProtectionGroups")
      }
      number = try wave.value(.number, "a whole number") ?? 0
      servers = try wave.value(.servers, "a list of servers' ids") ?? []
      groups = try wave.value(.groups, "a list of groups' names") ?? []
      plan = try wave.value(.plan, "a plan's id")
    }
  }

  /// What both answer: the replaced system's fields, and what the next question needs.
  struct Answer: Codable, Sendable {
    struct Server: Codable, Sendable {
      var status: String
      var instance: String
      var timestamp: String

      enum CodingKeys: String, CodingKey {
        case status, timestamp
        case instance = "instance_id"
      }
    }

    var status = "IN_PROGRESS"
    var job: String?
    var jobs: [String] = []
    var jobStatus: String?
    var number: Int
    var execution: String
    var type: ExecutionType
    var force: Bool
    var plan: String?
    var servers: [String]
    var started: Double
    var serverStatuses: [String: Server] = [:]
    var failed: [String] = []
    var wait: Int?
    var summary: String?
    var state: RecoveryState

    enum CodingKeys: String, CodingKey {
      case status, force, servers, started, summary, state
      case job = "job_id"
      case jobs = "job_ids"
      case jobStatus = "job_status"
      case number = "wave_number"
      case execution = "execution_id"
      case type = "execution_type"
      case plan = "plan_id"
      case serverStatuses = "server_statuses"
      case failed = "failed_servers"
      case wait = "wait_seconds"
    }
  }

  /// What `check_wave_status` is sent.
  struct Check: EventPart {
    let before: Answer

    static let names: Set<String> = ["wave_result"]

    private enum Key: String, CodingKey { case result = "wave_result" }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      guard let answer: Answer = try fields.value(.result, "what start_wave or check_wave_status answered")
      else {
        throw Failure.event("the event's field wave_result is missing; it is what start_wave answered")
      }
      before = answer
    }
  }
}
