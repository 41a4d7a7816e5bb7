import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Takes an upgrade back: nodes first, then the control plane, as EKS lets one within seven days. The state machine alone
/// begins it.
struct Rollback: ClusterFunction {
  typealias State = UpgradeState
  typealias Details = ClusterDetails

  static let name = "rollback"
  static let standardTimeout = Duration.seconds(4 * 3600)
  let world: UpgradeWorld
  private let machines: StateMachines

  init(_ services: FleetServices) throws(Failure) {
    world = try UpgradeWorld(services)
    do throws(ConfigurationError) {
      machines = try StateMachines(in: services.settings.region, services.dependencies)
    } catch {
      throw Failure(error)
    }
  }

  func notices(_ moment: UpgradeNotice.Moment) -> [UpgradeNotice.Kind] {
    switch moment {
    case .begun: [.rollbackTriggered, .phaseStarted]
    case .succeeded: [.rollbackCompleted, .phaseCompleted]
    case .failed: [.phaseFailed]
    }
  }

  func advance(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    if cluster.event.strategy == .blueGreen { return try await giveBack(cluster, &progress) }
    let watch = UpdateWatch(world: world, cluster: cluster)
    let failures = try await watch.settle(&progress)
    guard failures.isEmpty else { return .failed(failures.map { "not possible: \($0)" }, ClusterDetails()) }
    let view = try await world.view(cluster.name, latest: cluster.latest)
    var details = ClusterDetails(view)
    guard let former = cluster.target.previous, let version = view.version else {
      return .failed(["not possible: there is no version before \(cluster.target)"], details)
    }
    guard progress.updates.isEmpty, view.change == nil else { return .running(wait: UpdateWatch.pause) }
    if version == former {
      details.notes = ["the control plane has \(former)"]
      return .succeeded(details)
    }
    guard version == cluster.target else {
      return .failed(
        ["not possible: the cluster has \(version), neither \(cluster.target) nor \(former)"], details)
    }
    // Asked once: with the first update that is begun the answers would be others.
    if progress.since == nil {
      let window = RollbackWindow(world: world, machines: machines, cluster: cluster)
      switch try await window.answer() {
      case .open: progress.since = cluster.now.seconds
      case .notOurs(let words):
        details.notes = [words]
        return .succeeded(details)
      case .closed(let reasons): return .failed(reasons.map { "not possible: \($0)" }, details)
      }
    }
    return try await back(to: former, view, watch, details, &progress)
  }

  /// Nodes may not be newer than their control plane.
  private func back(
    to former: KubernetesVersion, _ view: ClusterView, _ watch: UpdateWatch, _ details: ClusterDetails,
    _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    if watch.cluster.isPlan { return .succeeded(details) }
    do throws(StepTrouble) {
      if let group = view.nodeGroups.first(where: { $0.version == view.cluster.version }) {
        _ = try await watch.begin(
          .nodeGroup, group.name, to: former.description, force: watch.cluster.event.forceNodes, &progress)
      } else {
        _ = try await watch.begin(
          .controlPlane, "", to: former.description, force: watch.cluster.event.force, &progress)
      }
    } catch {
      guard case .refused(let reason) = error else { throw error }
      return .failed(["not possible: \(reason)"], details)
    }
    return .running(wait: UpdateWatch.pause)
  }

  private func giveBack(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    guard let traffic = cluster.item.traffic else {
      return .failed(
        ["not possible: the deployment knows no other cluster for \(cluster.name)"], ClusterDetails())
    }
    guard let change = progress.change else {
      progress.change = try await TrafficShift(world: world, cluster: cluster).set(0, traffic)
      if let lost = await world.tell([.trafficShifted], .begun, cluster, phase: Self.name, weight: 0) {
        progress.notes.append(lost)
      }
      return .running(wait: .seconds(10))
    }
    let isKnown = try await asked { () async throws(FailedCall) in
      try await world.zones.isInSync(change, latest: cluster.latest)
    }
    return isKnown ? .succeeded(ClusterDetails()) : .running(wait: .seconds(10))
  }
}
