import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Has EKS look at a cluster anew before its insights are read, and waits for it.
struct InsightsRefresh {
  private static let pause = Duration.seconds(15)
  /// After that the insights of before have to do.
  private static let patience = Duration.seconds(600)

  let world: UpgradeWorld

  /// - Returns: the pause before the next look; nil when the insights can be read.
  func pending(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> Duration? {
    guard let since = progress.since else {
      do throws(FailedCall) {
        try await world.clusters.refreshInsights(of: cluster.name, latest: cluster.latest)
      } catch {
        if error.error.isPassing || error.error.code == "ResourceNotFoundException" {
          throw StepTrouble(error.error)
        }
        progress.notes.append("the insights could not be refreshed: \("\(error.error)".oneLine(limit: 200))")
        progress.since = 0
        return nil
      }
      progress.since = cluster.now.seconds
      return Self.pause
    }
    if since == 0 { return nil }
    let status = try await asked { () async throws(FailedCall) in
      try await world.clusters.insightsRefresh(of: cluster.name, latest: cluster.latest)
    }
    switch status {
    case "COMPLETED": progress.since = 0
    case "IN_PROGRESS" where !cluster.hasPassed(Self.patience, since: since): return Self.pause
    case "IN_PROGRESS":
      progress.notes.append("the insights are those of before: a refresh did not end in time")
      progress.since = 0
    default:
      progress.notes.append("the insights are those of before: the refresh ended as \(status)")
      progress.since = 0
    }
    return nil
  }
}
