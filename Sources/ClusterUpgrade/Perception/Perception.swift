import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Sees a cluster as it is. It changes nothing, and can be repeated at any time; it admits the deployment's rollouts too.
struct Perception: ClusterFunction {
  typealias State = UpgradeState
  typealias Details = ClusterDetails

  static let name = "perception"
  let world: UpgradeWorld

  init(_ services: FleetServices) throws(Failure) { world = try UpgradeWorld(services) }

  func notices(_ moment: UpgradeNotice.Moment) -> [UpgradeNotice.Kind] {
    switch moment {
    case .begun: [.upgradeStarted, .phaseStarted]
    case .succeeded: [.phaseCompleted]
    case .failed: [.phaseFailed, .upgradeFailed]
    }
  }

  /// The deployment's clusters. A target that EKS does not have is refused before anything is told or changed.
  func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster? {
    let wishes: UpgradeEvent = try event.part()
    let offered: [OfferedVersion]
    do throws(FailedCall) {
      offered = try await world.clusters.versions(latest: latest)
    } catch {
      throw Failure(type: error.error.type, message: "EKS does not say which versions it has: \(error.error)")
    }
    if let refusal = Refusals.unsupported(wishes.target, offered) {
      throw .event("the event's field target: \(refusal)")
    }
    return Roster(world.settings.clusters.keys.sorted(), field: "clusters", commandHosts: .named)
  }

  func advance(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    if let wait = try await InsightsRefresh(world: world).pending(cluster, &progress) {
      return .running(wait: wait)
    }
    let view = try await world.view(cluster.name, latest: cluster.latest)
    var details = ClusterDetails(view)
    let (profiles, insights, offered) = try await asked { () async throws(FailedCall) in
      let profiles = try await world.clusters.fargateProfiles(of: cluster.name, latest: cluster.latest)
      let insights = try await world.clusters.insights(
        of: cluster.name, category: "UPGRADE_READINESS", latest: cluster.latest)
      return (profiles, insights, try await world.clusters.versions(latest: cluster.latest))
    }
    details.fargateProfiles = profiles
    if !profiles.isEmpty {
      details.notes = [
        "pods on Fargate keep their kubelet's version until they are made anew: do that before the next upgrade"
      ]
    }
    details.insights = insights.filter { $0.status != "PASSING" }.map(\.words)
    let own = offered.first { $0.version == view.cluster.version }
    details.standardSupportEnds = own?.standardEnd?.utc.extended
    details.extendedSupportEnds = own?.extendedEnd?.utc.extended
    return .succeeded(details)
  }
}

extension ClusterDetails {
  /// What a cluster is.
  init(_ view: ClusterView) {
    self.init()
    version = view.cluster.version
    status = view.cluster.status
    nodeGroups = Dictionary(view.nodeGroups.map { ($0.name, "\($0.version) \($0.status)") }) { first, _ in
      first
    }
    addons = Dictionary(view.addons.map { ($0.name, "\($0.version) \($0.status)") }) { first, _ in first }
  }
}

extension ClusterInsight {
  /// In one line.
  var words: String {
    "\(status): \(name)" + (reason.isEmpty ? "" : ": \(reason.oneLine(limit: 200))")
  }
}
