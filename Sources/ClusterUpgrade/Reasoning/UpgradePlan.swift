import Orchestration

/// Something that is to be done to a cluster.
enum UpgradeMove: Sendable, Equatable, CustomStringConvertible {
  case addon(String, from: String, to: String)
  case controlPlane(from: String, to: String)
  case bake
  case nodeGroup(String, from: String, to: String)

  var description: String {
    switch self {
    case .addon(let name, let from, let to): "add-on \(name): \(from) to \(to)"
    case .controlPlane(let from, let to): "control plane: \(from) to \(to)"
    case .bake: "bake: the nodes stay behind for a while, which keeps the way back short"
    case .nodeGroup(let name, let from, let to): "node group \(name): \(from) to \(to)"
    }
  }
}

/// What is left to do of an upgrade, seen from the cluster as it is: nothing else is remembered, so an upgrade that was broken
/// off goes on wherever it is, and what is done is not done again.
struct UpgradePlan: Sendable, Equatable {
  /// In order: add-ons to a version that goes with both, the control plane, a pause, the other add-ons, the nodes.
  private(set) var moves: [UpgradeMove] = []
  /// Add-ons for which there is no version.
  private(set) var unfitting: [String] = []
  /// What is left out, and why.
  private(set) var notes: [String] = []

  init(_ view: ClusterView, _ target: KubernetesVersion, _ offers: AddonOffers) {
    var addons = Dictionary(view.addons.map { ($0.name, $0.version) }) { first, _ in first }
    let names = view.addons.map(\.name)
    if let version = view.version, version < target {
      for name in names {
        guard let current = addons[name] else { continue }
        guard let bridge = offers.bridge(name, from: current) else {
          unfitting.append(name)
          continue
        }
        if bridge != current { moves.append(.addon(name, from: current, to: bridge)) }
        addons[name] = bridge
      }
      moves.append(.controlPlane(from: view.cluster.version, to: target.description))
    }
    let groups = nodeGroups(view, target)
    // Nodes that have begun to move have had their pause.
    let hasMoved = view.nodeGroups.contains { $0.version == target.description }
    if !groups.isEmpty, !hasMoved || view.version != target { moves.append(.bake) }
    for name in names {
      guard let current = addons[name], !unfitting.contains(name) else { continue }
      guard let final = offers.final(name, from: current) else {
        unfitting.append(name)
        continue
      }
      if final != current { moves.append(.addon(name, from: current, to: final)) }
    }
    moves += groups
  }

  private mutating func nodeGroups(_ view: ClusterView, _ target: KubernetesVersion) -> [UpgradeMove] {
    var moves: [UpgradeMove] = []
    for group in view.nodeGroups where group.version != target.description {
      if let why = group.ownImage {
        notes.append(
          "node group \(group.name) is skipped: \(why); give it a new version of its launch template")
      } else {
        moves.append(.nodeGroup(group.name, from: group.version, to: target.description))
      }
    }
    if view.cluster.isAuto { notes.append("nodes of EKS Auto Mode follow the control plane by themselves") }
    return moves
  }
}

extension NodeGroup {
  /// Why EKS does not choose its nodes' image; nil where it does.
  var ownImage: String? {
    if image == "CUSTOM" { return "it has an image of its own" }
    return hasLaunchTemplate ? "it has a launch template of its own" : nil
  }
}
