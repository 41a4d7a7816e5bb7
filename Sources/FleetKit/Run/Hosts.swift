import Groundwork
import SSMKit

/// Which of a fleet's hosts Systems Manager reaches.
struct Hosts: Sendable {
  let managed: ManagedInstances
  let latest: Deadline

  /// The targets whose instances are not reached right now, with what is known of them, in words: one look per region and
  /// fifty instances. Where the service would not say nobody is known to be offline: finding out is left to SendCommand.
  func offline(_ targets: [Target]) async -> [Target: String] {
    var places: [Target: Target.Place] = [:]
    for target in targets { places[target] = try? target.place() }
    let byRegion = Dictionary(grouping: places.values, by: \.region)
    let seen = await concurrently(byRegion.keys) { [byRegion] region in
      let instances = byRegion[region, default: []].map(\.instanceID)
      return await managed.waitUntilOnline(instances, in: region, limit: .zero, latest: latest)
    }
    return places.compactMapValues { place in
      switch seen[place.region]?[place.instanceID] {
      case .offline(let status): "its ping status is \(status)"
      case .unlisted: "Systems Manager does not know it"
      case .online, nil: nil
      }
    }
  }
}
