import AWSClient
import FleetKit
import Groundwork

/// Says whether a cluster is as it should be after an upgrade. It changes nothing.
struct Validation: ClusterFunction {
  typealias State = UpgradeState
  typealias Details = ClusterDetails

  static let name = "validation"
  private static let pause = Duration.seconds(15)
  let world: UpgradeWorld

  init(_ services: FleetServices) throws(Failure) { world = try UpgradeWorld(services) }

  func notices(_ moment: UpgradeNotice.Moment) -> [UpgradeNotice.Kind] {
    switch moment {
    case .begun: [.phaseStarted]
    case .succeeded: [.validationSuccess, .phaseCompleted, .upgradeCompleted]
    case .failed: [.validationFailure, .phaseFailed, .upgradeFailed]
    }
  }

  func advance(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    let (name, urls) =
      cluster.event.strategy == .blueGreen
      ? (cluster.item.traffic?.green ?? cluster.name, cluster.item.traffic?.health ?? [])
      : (cluster.name, cluster.item.health ?? [])
    let view = try await world.view(name, latest: cluster.latest)
    var details = ClusterDetails(view)
    guard !cluster.isPlan else {
      details.plan = ["validate \(name)" + (urls.isEmpty ? "" : " and \(urls.count) URLs")]
      return .succeeded(details)
    }
    details.notes = view.nodeGroups.filter { $0.version != cluster.target.description }
      .compactMap { group in group.ownImage.map { "node group \(group.name) has \(group.version): \($0)" } }
    let troubles =
      ClusterVerdict.troubles(of: view, wanted: cluster.target) + (await world.health.troubles(urls))
    if troubles.isEmpty { return .succeeded(details) }
    // What has just changed may need a moment.
    if cluster.step.elapsed < cluster.event.patience { return .running(wait: Self.pause) }
    return .failed(troubles, details)
  }
}
