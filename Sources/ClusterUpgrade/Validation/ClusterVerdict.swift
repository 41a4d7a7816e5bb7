import Groundwork
import Orchestration

/// What is not as an upgraded cluster has to be. Nothing is assumed: whatever EKS does not call ACTIVE is told.
enum ClusterVerdict {
  static func troubles(of view: ClusterView, wanted target: KubernetesVersion) -> [String] {
    var found: [String] = []
    if view.cluster.status != "ACTIVE" { found.append("the cluster is \(view.cluster.status), not ACTIVE") }
    if view.version != target { found.append("the cluster has \(view.cluster.version), not \(target)") }
    for group in view.nodeGroups {
      if group.status != "ACTIVE" { found.append("node group \(group.name) is \(group.status), not ACTIVE") }
      if group.version != target.description, group.ownImage == nil {
        found.append("node group \(group.name) has \(group.version), not \(target)")
      }
      found += group.issues.map { "node group \(group.name): \($0.words)" }
    }
    for addon in view.addons {
      if addon.status != "ACTIVE" { found.append("add-on \(addon.name) is \(addon.status), not ACTIVE") }
      found += addon.issues.map { "add-on \(addon.name): \($0.words)" }
    }
    return found
  }
}

extension ClusterIssue {
  /// In one line.
  var words: String { "\(code): \(message)".oneLine(limit: 200) }
}
