import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Whether an upgrade can be taken back, and is this execution's to take back.
struct RollbackWindow {
  /// EKS keeps the former version for so long (since 2026, "Roll back a cluster's version" of its user guide).
  static let days = Duration.seconds(7 * 86_400)
  /// What clocks may differ by.
  private static let skew = Duration.seconds(300)

  enum Answer: Sendable {
    case open
    /// Nothing is to be done, in words.
    case notOurs(String)
    /// The reasons.
    case closed([String])
  }

  let world: UpgradeWorld
  let machines: StateMachines
  let cluster: ClusterStep

  func answer() async throws(StepTrouble) -> Answer {
    let upgrade = try await upgrade()
    if let upgrade, !cluster.event.takesAnyUpgradeBack {
      let execution = try await asked { () async throws(FailedCall) in
        try await machines.describe(execution: cluster.step.execution)
      }
      if upgrade.created < execution.started - Self.skew {
        return .notOurs(
          "\(cluster.name) had \(cluster.target) before this execution began, and keeps it; any_upgrade takes it back"
        )
      }
    }
    if let upgrade, cluster.now - upgrade.created > Self.days {
      return .closed([
        "it was upgraded at \(upgrade.created.utc.extended), and EKS takes a version back within seven days"
      ])
    }
    let insights = try await asked { () async throws(FailedCall) in
      try await world.clusters.insights(
        of: cluster.name, category: "ROLLBACK_READINESS", latest: cluster.latest)
    }
    let errors = insights.filter { $0.status == "ERROR" }
    return errors.isEmpty || cluster.event.force ? .open : .closed(errors.map { "insight \($0.words)" })
  }

  /// The newest upgrade to the target; nil where EKS knows none any more.
  private func upgrade() async throws(StepTrouble) -> ClusterUpdate? {
    try await asked { () async throws(FailedCall) in
      var newest: ClusterUpdate?
      for id in try await world.clusters.updates(of: cluster.name, .controlPlane, latest: cluster.latest) {
        let update = try await world.clusters.update(
          id, of: cluster.name, .controlPlane, latest: cluster.latest)
        guard update.type == "VersionUpdate", update.status == .successful,
          update.parameters["Version"] ?? cluster.target.description == cluster.target.description
        else { continue }
        if newest.map({ $0.created < update.created }) ?? true { newest = update }
      }
      return newest
    }
  }
}
