import AWSClient
import FleetKit
import JSON
import Groundwork
import Orchestration

/// What the functions tell on the account's event bus.
struct UpgradeNotice {
  /// What all of them come from.
  static let source = "eks-upgrade-agent"

  enum Kind: String, Sendable {
    case upgradeStarted = "upgrade.started"
    case upgradeCompleted = "upgrade.completed"
    case upgradeFailed = "upgrade.failed"
    case phaseStarted = "phase.started"
    case phaseCompleted = "phase.completed"
    case phaseFailed = "phase.failed"
    case validationSuccess = "validation.success"
    case validationFailure = "validation.failure"
    case rollbackTriggered = "rollback.triggered"
    case rollbackCompleted = "rollback.completed"
    case trafficShifted = "traffic.shifted"
    case clusterProvisioned = "cluster.provisioned"
    case clusterDecommissioned = "cluster.decommissioned"
  }

  enum Moment: Sendable {
    case begun
    case succeeded
    case failed([String])
  }

  private struct Detail: Encodable {
    var id: String, cluster: String, time: String, phase: String, target: String, execution: String,
      wave: String, reasons: [String]?, weight: Int?
  }

  /// - Parameter weight: percent of the traffic, where it was shifted. It is a part of the id: whoever gets an event twice
  ///   knows it.
  static func event(
    _ kind: Kind, _ cluster: ClusterStep, phase: String, reasons: [String]? = nil, weight: Int? = nil
  ) -> BusEvent {
    let mark = cluster.token([kind.rawValue, phase, weight.map { "\($0)" } ?? ""].joined(separator: "\n"))
    let detail = Detail(
      id: String(mark.prefix(32)), cluster: cluster.name, time: cluster.now.utc.extended, phase: phase,
      target: cluster.target.description, execution: cluster.step.execution, wave: cluster.step.wave,
      reasons: reasons.map { $0.prefix(20).map { $0.oneLine(limit: 500) } }, weight: weight)
    // Texts and numbers can be encoded, whatever they are.
    let text = (try? JSONWriter().text(detail)) ?? "{}"
    return BusEvent(source: source, type: kind.rawValue, detail: text, time: cluster.now)
  }
}
