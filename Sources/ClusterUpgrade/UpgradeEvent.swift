import FleetKit
import Groundwork

/// What an execution's input says about upgrades.
struct UpgradeEvent: EventPart {
  enum Strategy: String, CaseIterable {
    /// The clusters themselves are upgraded.
    case inPlace = "in-place"
    /// The traffic of each goes to another cluster that has the version already.
    case blueGreen = "blue-green"
  }

  /// What the clusters are to have.
  let target: KubernetesVersion
  let strategy: Strategy
  /// Whether insights with errors are passed over.
  let force: Bool
  /// Whether pods that can't be evicted are ended when nodes are replaced.
  let forceNodes: Bool
  /// Between the control plane and the nodes, and between two shares of the traffic.
  let bake: Duration
  /// Node groups of a cluster that are replaced at once.
  let nodeGroupsAtOnce: Int
  /// Percent of the traffic that the other cluster gets, one after another.
  let intervals: [Int]
  /// Whether the cluster is deleted that has no traffic any more.
  let decommission: Bool
  /// For how long validation looks again at what is not well.
  let patience: Duration
  /// Whether rollback takes back what another execution has done too.
  let takesAnyUpgradeBack: Bool

  static let standardIntervals = [10, 25, 50, 75, 100]
  static let names: Set<String> = Set(Key.allCases.map(\.rawValue))

  private enum Key: String, CodingKey, CaseIterable {
    case target, strategy, force, intervals, decommission
    case forceNodes = "force_nodes"
    case bake = "bake_seconds"
    case nodeGroupsAtOnce = "node_groups_at_once"
    case patience = "validation_seconds"
    case takesAnyUpgradeBack = "any_upgrade"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    guard let text: String = try fields.value(.target, "a version like 1.33") else {
      throw Failure.event(
        "the event's field target is missing; the version that clusters are to have, like 1.33")
    }
    guard let target = KubernetesVersion(text) else {
      throw Failure.event(
        "the event's field target is \"\(text.shown(bytes: 80))\"; it is a minor version like 1.33")
    }
    self.target = target
    strategy = try fields.choice(.strategy) ?? .inPlace
    force = try fields.value(.force, "true or false") ?? false
    forceNodes = try fields.value(.forceNodes, "true or false") ?? false
    decommission = try fields.value(.decommission, "true or false") ?? false
    bake = .seconds(try fields.number(.bake, 0...86_400) ?? 300)
    nodeGroupsAtOnce = try fields.number(.nodeGroupsAtOnce, 1...100) ?? 1
    patience = .seconds(try fields.number(.patience, 0...3600) ?? 120)
    takesAnyUpgradeBack = try fields.value(.takesAnyUpgradeBack, "true or false") ?? false
    intervals = try Self.intervals(fields.value(.intervals, "an array of whole numbers"))
    if decommission, strategy != .blueGreen {
      throw Failure.event("the event's field decommission goes with strategy blue-green only")
    }
  }

  private static func intervals(_ given: [Int]?) throws(Failure) -> [Int] {
    guard let given else { return standardIntervals }
    let isAscending = zip(given, given.dropFirst()).allSatisfy { $0 < $1 }
    guard isAscending, given.last == 100, let first = given.first, first >= 1, given.count <= 100 else {
      throw .event(
        "the event's field intervals is \(given.map { "\($0)" }.joined(separator: ", ").shown(bytes: 200)); it has to ascend from 1 or more and end at 100, like 10, 25, 50, 75, 100"
      )
    }
    return given
  }

  /// What a step may take: a control plane takes minutes, and after a day somebody should have looked.
  static let timeouts = 60...86_400

  /// - Throws: ``Failure`` (`Event.Invalid`) for a time that no upgrade has.
  static func require(timeout: Duration) throws(Failure) {
    let seconds = timeout.inWholeSeconds
    guard timeouts.contains(seconds) else {
      throw .event(
        "the event's field timeout is \(seconds); a step of an upgrade takes \(timeouts.lowerBound) to \(timeouts.upperBound) seconds"
      )
    }
  }
}
