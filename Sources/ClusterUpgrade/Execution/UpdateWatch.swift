import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Begins updates, and follows those that run.
struct UpdateWatch {
  /// EKS takes minutes for anything.
  static let pause = Duration.seconds(30)

  let world: UpgradeWorld
  let cluster: ClusterStep

  /// Forgets those that have ended well.
  /// - Returns: why updates have come to no good end; empty where none has.
  func settle(_ progress: inout ClusterProgress) async throws(StepTrouble) -> [String] {
    var left: [RunningUpdate] = []
    var failures: [String] = []
    for running in progress.updates {
      let update = try await asked { () async throws(FailedCall) in
        try await world.clusters.update(
          running.id, of: cluster.name, running.part, latest: cluster.latest)
      }
      switch update.status {
      case .inProgress: left.append(running)
      case .successful: break
      case .failed, .cancelled:
        failures.append("\(running.words) \(update.status.rawValue): \(update.reason)")
      }
    }
    if failures.isEmpty { progress.updates = left }
    return failures
  }

  /// Begins an update. Its token is the same for the same execution, cluster and move, so the same one is begun once.
  /// - Returns: false where something else is under way, and it has to wait.
  func begin(
    _ kind: RunningUpdate.Kind, _ name: String, to version: String, force: Bool,
    _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> Bool {
    let token = cluster.token([kind.rawValue, name, version].joined(separator: "\n"))
    let update: ClusterUpdate
    do throws(FailedCall) {
      update =
        switch kind {
        case .controlPlane:
          try await world.clusters.update(
            cluster.name, to: version, force: force, token: token, latest: cluster.latest)
        case .nodeGroup:
          try await world.clusters.update(
            nodeGroup: name, of: cluster.name, to: version, force: force, token: token, latest: cluster.latest
          )
        case .addon:
          try await world.clusters.update(
            addon: name, of: cluster.name, to: version, token: token, latest: cluster.latest)
        }
    } catch {
      if error.error.code == "ResourceInUseException" { return false }
      throw StepTrouble(error.error)
    }
    progress.updates.append(RunningUpdate(id: update.id, kind: kind, name: name))
    if !progress.begun.contains(update.id) { progress.begun.append(update.id) }
    return true
  }
}

extension RunningUpdate {
  var part: UpdatePart {
    switch kind {
    case .controlPlane: .controlPlane
    case .nodeGroup: .nodeGroup(name)
    case .addon: .addon(name)
    }
  }

  var words: String {
    switch kind {
    case .controlPlane: "the control plane's update"
    case .nodeGroup: "node group \(name)'s update"
    case .addon: "add-on \(name)'s update"
    }
  }
}
