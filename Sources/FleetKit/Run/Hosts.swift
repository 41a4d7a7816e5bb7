import Groundwork
import SSMKit

/// Which of a fleet's hosts Systems Manager reaches.
struct Hosts: Sendable {
  let managed: ManagedInstances
  let latest: Deadline

  /// The targets' instances that are reached right now: one look per region and fifty instances.
  func online(_ targets: [Target]) async -> Set<InstanceID> {
    let byRegion = Dictionary(grouping: targets.compactMap { try? $0.place() }, by: \.region)
    let seen = await concurrently(byRegion.keys) { region in
      let instances = byRegion[region, default: []].map(\.instanceID)
      return await managed.waitUntilOnline(instances, in: region, limit: .zero, latest: latest)
    }
    return Set(seen.values.flatMap { $0.filter { $0.value == .online }.keys })
  }
}
