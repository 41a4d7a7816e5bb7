import AWSClient
import Groundwork
import SSMKit

/// Reads what Parameter Store knows of the routers that an event is about.
struct InventoryReader: Sendable {
  let store: InstanceStore
  let regions: [Region]

  /// - Parameters:
  ///   - peersToo: whether the routers' peers have to be known as well.
  ///   - keys: which tunnels have keys of their own.
  /// - Throws: ``Failure`` when there is not a single parameter.
  func inventory(
    of topology: Topology, for routers: [Router], peersToo: Bool, _ keys: TunnelKeys = .onlyCommon,
    latest: Deadline
  ) async throws(Failure) -> Inventory {
    let wanted = peersToo ? routers + routers.flatMap { topology.links(of: $0).map(\.peer) } : routers
    let scopes = scopes(Set(wanted), topology)
    var discovery = await store.discover(scopes, keeping: Set(wanted.map(\.name)), latest: latest)
    // Whether any other router is known decides what is wrong.
    if discovery.isEmpty, discovery.failures.isEmpty, scopes.values.contains(where: { $0 != .all }) {
      let everything = regions.map { ($0, Discovery.Scope.all) }
      discovery = await store.discover(Dictionary(everything) { $1 }, keeping: [], latest: latest)
    }
    let known = KnownInstances(discovery, of: topology, below: store.prefix)
    try known.requireSomething(in: regions)
    return Inventory(of: routers, known, keys)
  }

  /// A batch of a large network asks for its own routers only, where that takes fewer calls than all pages.
  private func scopes(_ wanted: Set<Router>, _ topology: Topology) -> [Region: Discovery.Scope] {
    let wanted = Dictionary(grouping: wanted, by: \.region)
    let all = Dictionary(grouping: topology.routers, by: \.region)
    let scopes = regions.map { region -> (Region, Discovery.Scope) in
      let names = Set(wanted[region, default: []].map(\.name))
      let parameters = all[region, default: []].count * ParameterType.allCases.count
      let pages = (parameters + ParameterStore.pageSize - 1) / ParameterStore.pageSize
      return (region, pages > 1 && names.count < pages ? .instances(names) : .all)
    }
    return Dictionary(scopes) { $1 }
  }
}
