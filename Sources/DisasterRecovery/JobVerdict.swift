import FleetKit
import Groundwork
import Orchestration

/// How the servers of a job have ended: launched is who the job says is LAUNCHED, and nobody else.
struct JobVerdict: Sendable {
  /// For how long a server of a completed job may still come to an end.
  static let patience = 600
  /// What a job's log says of a server that it will not launch.
  private static let ends: Set = [
    "SNAPSHOT_FAIL", "USING_PREVIOUS_SNAPSHOT_FAILED", "CONVERSION_FAIL", "LAUNCH_FAILED", "SERVER_SKIPPED",
  ]
  /// What it says of one that it goes on with, perhaps after such a failure.
  private static let progress: Set = [
    "SNAPSHOT_START", "SNAPSHOT_END", "USING_PREVIOUS_SNAPSHOT", "CONVERSION_START", "CONVERSION_END",
    "LAUNCH_START",
  ]

  let job: RecoveryJob
  /// Empty where nothing had to be asked.
  let log: [RecoveryJobEvent]
  /// The recovery instances of those of which the job does not tell one, by servers.
  let instances: [String: RecoveryInstance]
  /// Whether those that have no end are waited for no longer.
  let isLate: Bool

  /// Whether the log has to be read: somebody was not launched.
  static func needsLog(_ job: RecoveryJob, of servers: [String]) -> Bool {
    let launched = Set(job.servers.filter { $0.status == "LAUNCHED" }.map(\.server))
    return !servers.allSatisfy(launched.contains)
  }

  /// nil for a server that may still come to an end.
  func result(of server: String) -> ServerResult? {
    var details = RecoveryDetails()
    details.job = job.id
    guard let part = job.servers.first(where: { $0.server == server }) else {
      let reason = words(server)
      return .failed(
        reason.map { "skipped: \($0)" } ?? "skipped: it takes no part in the job \(job.id)", details: details)
    }
    details.launchStatus = part.status
    details.recoveryInstance = part.recoveryInstance ?? instances[server]?.id
    switch part.status {
    case "LAUNCHED":
      var result = ServerResult.succeeded(details: details)
      result.instanceID = instances[server]?.instance ?? part.recoveryInstance ?? ""
      return result
    case "FAILED", "TERMINATED":
      return .failed(
        "\(part.status) in the job \(job.id)\(words(server).map { ": \($0)" } ?? "")", details: details)
    default:
      if !goesOn(server), let reason = words(server) {
        return .failed("\(reason) (job \(job.id))", details: details)
      }
      guard isLate else { return nil }
      return .failed(
        "no result: the job \(job.id) is completed, and the server \(part.status)", details: details)
    }
  }

  /// Whether a failure in the log was not the last word.
  private func goesOn(_ server: String) -> Bool {
    newest(of: server, among: Self.ends.union(Self.progress)).map { Self.progress.contains($0.event) }
      ?? false
  }

  /// In which order a log comes, nobody says.
  private func newest(of server: String, among events: Set<String>) -> RecoveryJobEvent? {
    log.filter { $0.server == server && events.contains($0.event) }.max { $0.time < $1.time }
  }

  /// Why the log says that a server was not launched.
  private func words(_ server: String) -> String? {
    newest(of: server, among: Self.ends).map { event in
      let name = event.event == "SERVER_SKIPPED" ? "the server was skipped" : event.event
      return event.error.map { "\(name): \($0)" } ?? name
    }
  }
}
