import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Decides by rules what is to be done to a cluster, or why nothing can be. It changes nothing, and can be repeated at any
/// time.
struct Reasoning: ClusterFunction {
  typealias State = UpgradeState
  typealias Details = ClusterDetails

  static let name = "reasoning"
  let world: UpgradeWorld
  private let advice: Advice?

  init(_ services: FleetServices) throws(Failure) {
    world = try UpgradeWorld(services)
    advice = try Advice(services)
  }

  func advance(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    if let wait = try await InsightsRefresh(world: world).pending(cluster, &progress) {
      return .running(wait: wait)
    }
    switch cluster.event.strategy {
    case .inPlace: return try await inPlace(cluster)
    case .blueGreen: return try await blueGreen(cluster)
    }
  }

  private func inPlace(_ cluster: ClusterStep) async throws(StepTrouble) -> ClusterOutcome {
    let view = try await world.view(cluster.name, latest: cluster.latest)
    let refusals = Refusals(view: view, target: cluster.target)
    var details = ClusterDetails(view)
    let (offered, insights) = try await asked { () async throws(FailedCall) in
      (
        try await world.clusters.versions(latest: cluster.latest),
        try await world.clusters.insights(
          of: cluster.name, category: "UPGRADE_READINESS", latest: cluster.latest)
      )
    }
    let unsupported = Refusals.unsupported(cluster.target, offered)
    var reasons = refusals.versions + (unsupported.map { [$0] } ?? [])
    // Without a way from one version to the other nothing else is worth looking at.
    guard reasons.isEmpty else { return .failed(reasons, details) }
    let plan = UpgradePlan(
      view, cluster.target, try await world.offers(for: view, cluster.target, latest: cluster.latest))
    reasons = refusals.state + refusals.insights(insights, force: cluster.event.force) + refusals.addons(plan)
    if !view.cluster.subnets.isEmpty, view.version != cluster.target {
      let free = try await asked { () async throws(FailedCall) in
        try await world.subnets.freeAddresses(of: view.cluster.subnets, latest: cluster.latest)
      }
      reasons += refusals.addresses(free)
    }
    details.notes = plan.notes.isEmpty ? nil : plan.notes
    details.plan = plan.moves.isEmpty ? ["nothing to do"] : plan.moves.map(\.description)
    return await ended(cluster, reasons, &details)
  }

  private func ended(
    _ cluster: ClusterStep, _ reasons: [String], _ details: inout ClusterDetails
  ) async -> ClusterOutcome {
    await advice?.comment(cluster, reasons, &details)
    return reasons.isEmpty ? .succeeded(details) : .failed(reasons, details)
  }

  private func blueGreen(_ cluster: ClusterStep) async throws(StepTrouble) -> ClusterOutcome {
    guard let traffic = cluster.item.traffic else {
      return .failed(
        ["the deployment knows no other cluster for \(cluster.name): give it traffic, or strategy in-place"],
        ClusterDetails())
    }
    let view = try await world.view(traffic.green, latest: cluster.latest)
    var details = ClusterDetails(view)
    let reasons = ClusterVerdict.troubles(of: view, wanted: cluster.target).map { "\(traffic.green): \($0)" }
    details.plan = cluster.event.intervals.map {
      "\($0) % of the traffic to \(traffic.green), validation, bake"
    }
    if cluster.event.decommission { details.plan?.append("delete \(cluster.name)") }
    return await ended(cluster, reasons, &details)
  }
}
