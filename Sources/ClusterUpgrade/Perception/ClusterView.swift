import AWSClient
import FleetKit
import Groundwork
import Orchestration

/// A cluster as it is, all of it.
struct ClusterView: Sendable, Equatable {
  var cluster: Cluster
  var nodeGroups: [NodeGroup]
  var addons: [Addon]

  /// nil where EKS tells something that is no version.
  var version: KubernetesVersion? { KubernetesVersion(cluster.version) }

  /// What is being changed now, by whomever; nil for nothing.
  var change: String? {
    if cluster.status == "UPDATING" || cluster.status == "CREATING" {
      return "the cluster is \(cluster.status)"
    }
    if let group = nodeGroups.first(where: { ["UPDATING", "CREATING", "DELETING"].contains($0.status) }) {
      return "node group \(group.name) is \(group.status)"
    }
    return addons.first { ["UPDATING", "CREATING", "DELETING"].contains($0.status) }
      .map { "add-on \($0.name) is \($0.status)" }
  }
}

extension UpgradeWorld {
  /// Reads a cluster with all of its node groups and add-ons.
  func view(_ name: String, latest: Deadline) async throws(StepTrouble) -> ClusterView {
    try await asked { () async throws(FailedCall) in
      let cluster = try await clusters.describe(name, latest: latest)
      var groups: [NodeGroup] = []
      for group in try await clusters.nodeGroups(of: name, latest: latest) {
        groups.append(try await clusters.nodeGroup(group, of: name, latest: latest))
      }
      var addons: [Addon] = []
      for addon in try await clusters.addons(of: name, latest: latest) {
        addons.append(try await clusters.addon(addon, of: name, latest: latest))
      }
      return ClusterView(cluster: cluster, nodeGroups: groups, addons: addons)
    }
  }

  /// What the add-ons of a cluster may be before and after its control plane has the target.
  func offers(
    for view: ClusterView, _ target: KubernetesVersion, latest: Deadline
  ) async throws(StepTrouble) -> AddonOffers {
    var offers = AddonOffers()
    for addon in view.addons {
      let after = try await asked { () async throws(FailedCall) in
        try await clusters.versions(ofAddon: addon.name, with: target.description, latest: latest)
      }
      var before: [AddonVersion] = []
      if let version = view.version, version < target {
        before = try await asked { () async throws(FailedCall) in
          try await clusters.versions(ofAddon: addon.name, with: version.description, latest: latest)
        }
      }
      offers.before[addon.name] = before
      offers.after[addon.name] = after
    }
    return offers
  }
}

/// Versions of add-ons by their names.
struct AddonOffers: Sendable, Equatable {
  /// Those that go with the version that the control plane has.
  var before: [String: [AddonVersion]] = [:]
  /// Those that go with the target.
  var after: [String: [AddonVersion]] = [:]

  /// What an add-on has to be before the control plane changes: something that goes with both versions. The same where it
  /// does already; nil where there is none.
  func bridge(_ name: String, from current: String) -> String? {
    let later = Set((after[name] ?? []).map(\.version))
    let both = (before[name] ?? []).map(\.version).filter(later.contains)
    if both.contains(current) { return current }
    return both.max { AddonNumber($0) < AddonNumber($1) }
  }

  /// What an add-on has to be when the control plane has changed: what a new cluster gets, unless it is newer and goes with
  /// the target. nil where nothing does.
  func final(_ name: String, from current: String) -> String? {
    let offered = after[name] ?? []
    guard
      let wanted = offered.first(where: \.isDefault)?.version
        ?? offered.map(\.version).max(by: { AddonNumber($0) < AddonNumber($1) })
    else { return nil }
    let fits = offered.contains { $0.version == current }
    return fits && AddonNumber(wanted) < AddonNumber(current) ? current : wanted
  }
}
