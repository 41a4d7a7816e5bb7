import Groundwork
import Orchestration

/// Why a cluster can't be upgraded now, each with what to do about it.
struct Refusals {
  /// Addresses that EKS needs for the control plane's new network interfaces ("Update existing cluster to new Kubernetes
  /// version" of its user guide).
  static let leastAddresses = 5

  let view: ClusterView
  let target: KubernetesVersion

  /// - Returns: nil for a version that EKS has.
  static func unsupported(_ target: KubernetesVersion, _ offered: [OfferedVersion]) -> String? {
    let usable = offered.filter { $0.status != "UNSUPPORTED" }.compactMap { KubernetesVersion($0.version) }
    guard !usable.contains(target) else { return nil }
    let list = usable.sorted().map(\.description).joined(separator: ", ")
    return "\(target) is no version that EKS supports; it supports \(list.isEmpty ? "none" : list)"
  }

  /// Of the version alone.
  var versions: [String] {
    guard let version = view.version else {
      return ["the cluster's version \"\(view.cluster.version)\" is none that can be compared"]
    }
    if target < version {
      return [
        "the cluster has \(version), and \(target) is older: EKS takes a version back only within seven days of its upgrade; step rollback does that"
      ]
    }
    if target > version, target.previous != version {
      return [
        "from \(version) to \(target) versions would be skipped: one minor version at a time, \(version.major).\(version.minor + 1) next"
      ]
    }
    return []
  }

  /// Of what the cluster does now.
  var state: [String] {
    var found: [String] = []
    if let change = view.change {
      found.append("\(change): wait until it has ended")
    } else if view.cluster.status != "ACTIVE" {
      found.append("the cluster is \(view.cluster.status), not ACTIVE: mend it first")
    }
    for group in view.nodeGroups {
      if !["ACTIVE", "UPDATING", "CREATING", "DELETING"].contains(group.status) {
        let issues = group.issues.map { "\($0.code): \($0.message)" }.joined(separator: "; ").oneLine(
          limit: 200)
        found.append(
          "node group \(group.name) is \(group.status)\(issues.isEmpty ? "" : " (\(issues))"): mend or delete it first"
        )
      }
      if let version = view.version, version < target, group.version != version.description {
        found.append(
          "node group \(group.name) has \(group.version), and the control plane \(version): upgrade its nodes to \(version) first"
        )
      }
    }
    return found
  }

  /// Of insights; an upgrade can pass over these alone.
  func insights(_ insights: [ClusterInsight], force: Bool) -> [String] {
    guard !force, let version = view.version, version < target else { return [] }
    return insights.filter {
      $0.status == "ERROR" && ($0.version.isEmpty || $0.version == target.description)
    }
    .map { "insight \($0.words): follow its recommendation, or pass over insights with force" }
  }

  func addons(_ plan: UpgradePlan) -> [String] {
    plan.unfitting.map { name in
      let current = view.addons.first { $0.name == name }?.version ?? ""
      return
        "add-on \(name) \(current) has no version that goes with \(view.cluster.version) and \(target): update or delete it first"
    }
  }

  /// - Parameter free: addresses by subnets.
  func addresses(_ free: [String: Int]) -> [String] {
    guard let version = view.version, version < target else { return [] }
    let sum = free.values.reduce(0, +)
    guard sum < Self.leastAddresses else { return [] }
    let list = free.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return [
      "the cluster's subnets have \(sum) free addresses (\(list)); EKS needs \(Self.leastAddresses): free some, or give the cluster another subnet"
    ]
  }
}
