import AWSClient
import FleetKit
import Groundwork
import Orchestration
import SSMKit

/// What the five functions have in common: they go from cluster to cluster, and each cluster has an end of its own.
protocol ClusterFunction: RolloutFunction where State == UpgradeState, Details == ClusterDetails {
  var world: UpgradeWorld { get }
  /// What it tells when it begins with a cluster, and when it has ended with it.
  func notices(_ moment: UpgradeNotice.Moment) -> [UpgradeNotice.Kind]
  /// Looks at one cluster and does what comes next.
  /// - Throws: ``StepTrouble``: unknown leaves the cluster as it was, a refusal ends it.
  func advance(
    _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async throws(StepTrouble) -> ClusterOutcome
}

/// How a cluster stands after a look.
enum ClusterOutcome: Sendable {
  /// Something goes on; the pause before the next look that would be right.
  case running(wait: Duration)
  case succeeded(ClusterDetails)
  /// The reasons, of which there is one at least.
  case failed([String], ClusterDetails)
}

/// One cluster in one step.
struct ClusterStep: Sendable {
  let name: String
  let item: UpgradeSettings.Item
  let event: UpgradeEvent
  let step: StepRequest
  let now: UnixTime
  let latest: Deadline

  var isPlan: Bool { step.event.mode == .plan }
  var target: KubernetesVersion { event.target }

  /// Makes one update of all that are begun for the same reason.
  func token(_ what: String) -> String {
    let mark = [step.execution, name, what, target.description].joined(separator: "\n")
    return Digest.hex(Digest.sha256(Array(mark.utf8)))
  }

  func hasPassed(_ time: Duration, since: Double) -> Bool { now - UnixTime(seconds: since) >= time }
}

extension ClusterFunction {
  static var vocabulary: Vocabulary { ClusterUpgrade.vocabulary }
  var regions: [Region] { [] }

  func notices(_ moment: UpgradeNotice.Moment) -> [UpgradeNotice.Kind] {
    switch moment {
    case .begun: [.phaseStarted]
    case .succeeded: [.phaseCompleted]
    case .failed: [.phaseFailed, .upgradeFailed]
    }
  }

  func start(_ step: StepRequest, latest: Deadline) async throws(StepTrouble) -> StepOutcome<Self> {
    try await look(step, UpgradeState(), latest)
  }

  func check(
    _ step: StepRequest, _ state: UpgradeState, latest: Deadline
  ) async throws(StepTrouble) -> StepOutcome<Self> {
    try await look(step, state, latest)
  }

  func overdue(_ step: StepRequest) -> String {
    "timed out after \(step.timeout.inWholeSeconds) s; an update of EKS that runs goes on"
  }

  private func look(
    _ step: StepRequest, _ before: UpgradeState, _ latest: Deadline
  ) async throws(StepTrouble) -> StepOutcome<Self> {
    let event: UpgradeEvent
    do throws(Failure) {
      event = try step.event.part()
      try UpgradeEvent.require(timeout: step.timeout)
    } catch {
      throw .refused(error.message)
    }
    let now = world.clock.wall()
    // Those that have begun first: no more than so many are at work at once.
    let ordered =
      step.items.filter { before.clusters[$0] != nil } + step.items.filter { before.clusters[$0] == nil }
    var state = before
    var outcome = StepOutcome<Self>(state)
    var unknown: [String] = []
    let open = ordered.filter { state.clusters[$0]?.end == nil }.prefix(step.maxConcurrency ?? .max)
    let looks = await concurrently(open) { name in
      await self.look(
        ClusterStep(
          name: name, item: self.world.settings.clusters[name] ?? .init(), event: event, step: step, now: now,
          latest: latest), before.clusters[name])
    }
    for (name, look) in looks {
      if let progress = look.progress { state.clusters[name] = progress }
      if let trouble = look.trouble { unknown.append("\(name): \(trouble)") }
      if let wait = look.wait { outcome.wait = min(outcome.wait ?? wait, wait) }
      if let result = look.result { outcome.ended[name] = result }
    }
    // Nobody knows anything new: then nothing has changed.
    if unknown.count == looks.count, !looks.isEmpty, looks.values.allSatisfy({ $0.progress == nil }) {
      throw .unknown(unknown.sorted().joined(separator: "; ").oneLine(limit: 300))
    }
    for name in step.items where outcome.ended[name] == nil {
      guard let end = state.clusters[name]?.end else { continue }
      var details = ClusterDetails()
      let notes = state.clusters[name]?.notes ?? []
      details.notes = notes.isEmpty ? nil : notes
      outcome.ended[name] = end.isEmpty ? .succeeded(details: details) : .failed(end, details: details)
    }
    outcome.state = state
    return outcome
  }

  /// A cluster that is not known to have begun begins now.
  private func look(_ cluster: ClusterStep, _ before: ClusterProgress?) async -> ClusterLook<Self> {
    var progress = before ?? ClusterProgress()
    if before == nil { await tell(.begun, cluster, &progress) }
    var look = ClusterLook<Self>()
    do throws(StepTrouble) {
      switch try await advance(cluster, &progress) {
      case .running(let wait): look.wait = wait
      case .succeeded(let details):
        progress.end = ""
        await tell(.succeeded, cluster, &progress)
        look.result = .succeeded(details: details.with(progress.notes))
      case .failed(let reasons, var details):
        progress.end = reasons.joined(separator: "; ").oneLine(limit: 300)
        details.reasons = reasons
        await tell(.failed(reasons), cluster, &progress)
        look.result = .failed(progress.end ?? "", details: details.with(progress.notes))
      }
      look.progress = progress
    } catch {
      switch error {
      case .unknown(let reason):
        look.trouble = reason
        // What was begun before the call that was not answered is kept.
        if progress != before { look.progress = progress }
      case .refused(let reason):
        progress.end = reason.oneLine(limit: 300)
        await tell(.failed([reason]), cluster, &progress)
        look.progress = progress
        look.result = .failed(reason, details: ClusterDetails().with(progress.notes))
      }
    }
    return look
  }

  /// What can't be told holds nothing up, and is said.
  private func tell(
    _ moment: UpgradeNotice.Moment, _ cluster: ClusterStep, _ progress: inout ClusterProgress
  ) async {
    guard !cluster.isPlan else { return }
    let kinds = notices(moment)
    if let lost = await world.tell(kinds, moment, cluster, phase: Self.name) { progress.notes.append(lost) }
  }
}

private struct ClusterLook<Function: ClusterFunction>: Sendable {
  /// nil where nothing new is known.
  var progress: ClusterProgress?
  var trouble: String?
  var wait: Duration?
  var result: TargetResult<ClusterDetails>?
}

extension ClusterDetails {
  fileprivate func with(_ further: [String]) -> ClusterDetails {
    var details = self
    let all = (notes ?? []) + further
    details.notes = all.isEmpty ? nil : all
    return details
  }
}
