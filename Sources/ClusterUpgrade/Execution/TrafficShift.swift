import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// Gives the traffic of a cluster to another one, share by share; what is not well sends all of it back at once.
struct TrafficShift {
  private static let pause = Duration.seconds(10)
  /// In the place of a number of shares: all of the traffic is on its way back.
  private static let isGoingBack = -1

  let world: UpgradeWorld
  let cluster: ClusterStep

  func advance(_ progress: inout ClusterProgress) async throws(StepTrouble) -> ClusterOutcome {
    guard let traffic = cluster.item.traffic else {
      return .failed(["the deployment knows no other cluster for \(cluster.name)"], ClusterDetails())
    }
    guard !cluster.isPlan else {
      var details = ClusterDetails()
      details.plan = cluster.event.intervals.map { "\($0) % of the traffic to \(traffic.green)" }
      return .succeeded(details)
    }
    if progress.share == Self.isGoingBack { return try await goBack(traffic, &progress) }
    if progress.share != nil, cluster.step.isOver {
      return try await goBack(traffic, &progress, because: "the step's time was over")
    }
    do throws(StepTrouble) {
      return try await shift(traffic, &progress)
    } catch {
      guard case .refused(let reason) = error, progress.share != nil else { throw error }
      return try await goBack(traffic, &progress, because: reason)
    }
  }

  private func shift(
    _ traffic: UpgradeSettings.Traffic, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome {
    if let change = progress.change {
      let isKnown = try await asked { () async throws(FailedCall) in
        try await world.zones.isInSync(change, latest: cluster.latest)
      }
      guard isKnown else { return .running(wait: Self.pause) }
      progress.change = nil
      progress.since = cluster.now.seconds
    }
    if let since = progress.since {
      let left = cluster.event.bake - (cluster.now - UnixTime(seconds: since))
      if left > .zero { return .running(wait: min(max(left, .seconds(1)), .seconds(900))) }
    }
    let view = try await world.view(traffic.green, latest: cluster.latest)
    let troubles =
      ClusterVerdict.troubles(of: view, wanted: cluster.target)
      + (await world.health.troubles(traffic.health ?? []))
    guard troubles.isEmpty else {
      let words = troubles.map { "\(traffic.green): \($0)" }
      if progress.share == nil { return .failed(words, ClusterDetails(view)) }
      return try await goBack(traffic, &progress, because: words.joined(separator: "; "))
    }
    if progress.share == nil {
      progress.share = 0
      await tell(.clusterProvisioned, &progress)
    }
    let given = progress.share ?? 0
    guard given < cluster.event.intervals.count else {
      if cluster.event.decommission { try await decommission(&progress) }
      return .succeeded(ClusterDetails(view))
    }
    let weight = cluster.event.intervals[given]
    progress.change = try await set(weight, traffic)
    progress.share = given + 1
    progress.since = nil
    await tell(.trafficShifted, &progress, weight: weight)
    return .running(wait: Self.pause)
  }

  /// Kept until it is done: the traffic may not stay where it is.
  private func goBack(
    _ traffic: UpgradeSettings.Traffic, _ progress: inout ClusterProgress, because reason: String? = nil
  ) async throws(StepTrouble) -> ClusterOutcome {
    if let reason { progress.notes.append(reason.oneLine(limit: 300)) }
    progress.share = Self.isGoingBack
    _ = try await set(0, traffic)
    await tell(.trafficShifted, &progress, weight: 0)
    return .failed(
      ["all of the traffic is back at \(cluster.name)"] + progress.notes, ClusterDetails())
  }

  /// Both records in one change.
  /// - Parameter weight: percent for the other cluster.
  func set(_ weight: Int, _ traffic: UpgradeSettings.Traffic) async throws(StepTrouble) -> String {
    let records = [
      (traffic.greenIdentifier, traffic.greenValue, weight),
      (traffic.blueIdentifier, traffic.blueValue, 100 - weight),
    ].map { identifier, value, weight in
      WeightedRecord(
        name: traffic.record, type: traffic.type ?? "CNAME", identifier: identifier, weight: weight,
        ttl: traffic.ttl ?? 60, value: value)
    }
    return try await asked { () async throws(FailedCall) in
      try await world.zones.upsert(records, in: traffic.zone, latest: cluster.latest)
    }
  }

  /// The traffic is elsewhere: whatever stands in the way of deleting is said, and no failure.
  private func decommission(_ progress: inout ClusterProgress) async throws(StepTrouble) {
    do throws(FailedCall) {
      let blue = try await world.clusters.describe(cluster.name, latest: cluster.latest)
      guard !blue.isProtected else {
        progress.notes.append("\(cluster.name) was not deleted: it has deletion protection")
        return
      }
      if blue.status != "DELETING" { try await world.clusters.delete(cluster.name, latest: cluster.latest) }
    } catch {
      if error.error.isPassing { throw StepTrouble(error.error) }
      if error.error.code != "ResourceNotFoundException" {
        progress.notes.append("\(cluster.name) was not deleted: \("\(error.error)".oneLine(limit: 200))")
        return
      }
    }
    await tell(.clusterDecommissioned, &progress)
  }

  private func tell(
    _ kind: UpgradeNotice.Kind, _ progress: inout ClusterProgress, weight: Int? = nil
  ) async {
    if let lost = await world.tell([kind], .begun, cluster, phase: Execution.name, weight: weight) {
      progress.notes.append(lost)
    }
  }
}
