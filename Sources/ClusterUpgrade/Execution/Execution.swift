import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Upgrades clusters. Each look derives what comes next from the cluster as it is and the target, so it may be broken off and
/// begun again at any moment: nothing is done twice, nothing is left out.
struct Execution: ClusterFunction {
  typealias State = UpgradeState
  typealias Details = ClusterDetails

  static let name = "execution"
  /// A control plane takes ten minutes, nodes minutes each.
  static let standardTimeout = Duration.seconds(4 * 3600)
  let world: UpgradeWorld

  init(_ services: FleetServices) throws(Failure) { world = try UpgradeWorld(services) }

  func advance(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    switch cluster.event.strategy {
    case .inPlace: return try await inPlace(cluster, &progress)
    case .blueGreen: return try await TrafficShift(world: world, cluster: cluster).advance(&progress)
    }
  }

  private func inPlace(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    let watch = UpdateWatch(world: world, cluster: cluster)
    let failures = try await watch.settle(&progress)
    guard failures.isEmpty else { return .failed(failures, ClusterDetails()) }
    let view = try await world.view(cluster.name, latest: cluster.latest)
    var details = ClusterDetails(view)
    let wrong = Refusals(view: view, target: cluster.target).versions
    guard wrong.isEmpty else { return .failed(wrong, details) }
    let plan = UpgradePlan(
      view, cluster.target, try await world.offers(for: view, cluster.target, latest: cluster.latest))
    details.notes = plan.notes.isEmpty ? nil : plan.notes
    if cluster.isPlan {
      details.plan = plan.moves.isEmpty ? ["nothing to do"] : plan.moves.map(\.description)
      return .succeeded(details)
    }
    let unfitting = Refusals(view: view, target: cluster.target).addons(plan)
    guard unfitting.isEmpty else { return .failed(unfitting, details) }
    return try await next(of: plan, view, watch, details, &progress)
  }

  private func next(
    of plan: UpgradePlan, _ view: ClusterView, _ watch: UpdateWatch, _ details: ClusterDetails,
    _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    let cluster = watch.cluster
    var moves = plan.moves[...]
    if moves.first == .bake {
      let since = progress.since ?? cluster.now.seconds
      progress.since = since
      let left = cluster.event.bake - (cluster.now - UnixTime(seconds: since))
      if left > .zero { return .running(wait: min(max(left, .seconds(1)), .seconds(900))) }
      moves = moves.dropFirst()
    }
    guard let move = moves.first else {
      // What has been begun has to be seen to end, whatever the cluster looks like.
      return progress.updates.isEmpty && view.change == nil
        ? .succeeded(details) : .running(wait: UpdateWatch.pause)
    }
    if case .nodeGroup = move {
      try await replaceNodes(moves, view, watch, &progress)
      return .running(wait: UpdateWatch.pause)
    }
    // Whatever changes now, ours or somebody's, comes first.
    guard progress.updates.isEmpty, view.change == nil else { return .running(wait: UpdateWatch.pause) }
    guard view.cluster.status == "ACTIVE" else {
      return .failed(["the cluster is \(view.cluster.status), not ACTIVE"], details)
    }
    switch move {
    case .addon(let name, _, let version):
      _ = try await watch.begin(.addon, name, to: version, force: false, &progress)
    case .controlPlane(_, let version):
      _ = try await watch.begin(.controlPlane, "", to: version, force: cluster.event.force, &progress)
    case .bake, .nodeGroup: break
    }
    return .running(wait: UpdateWatch.pause)
  }

  /// As many node groups at once as may be.
  private func replaceNodes(
    _ moves: ArraySlice<UpgradeMove>, _ view: ClusterView, _ watch: UpdateWatch,
    _ progress: inout ClusterProgress
  ) async throws(StepTrouble) {
    let cluster = watch.cluster
    // Something of the cluster itself, or somebody else's update: nodes wait for it.
    let own = Set(progress.updates.map(\.name))
    let foreign = view.nodeGroups.filter { $0.status == "UPDATING" && !own.contains($0.name) }
    guard view.cluster.status == "ACTIVE", progress.updates.allSatisfy({ $0.kind == .nodeGroup }) else {
      return
    }
    var free = cluster.event.nodeGroupsAtOnce - progress.updates.count - foreign.count
    for case .nodeGroup(let name, _, let version) in moves where free > 0 {
      guard !own.contains(name), view.nodeGroups.first(where: { $0.name == name })?.status != "UPDATING"
      else {
        continue
      }
      if try await watch.begin(
        .nodeGroup, name, to: version, force: cluster.event.forceNodes, &progress)
      {
        free -= 1
      }
    }
  }
}
