import FleetKit
import Groundwork

/// What the three phases work on: the network as the environment and Parameter Store describe it.
struct Network: Sendable {
  let settings: NetworkSettings
  private let topologies: TopologyReader
  private let inventories: InventoryReader

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  init(_ services: FleetServices) throws(Failure) {
    do throws(ConfigurationError) {
      settings = try NetworkSettings(environment: services.environment)
    } catch {
      throw Failure(error)
    }
    topologies = TopologyReader(settings.topology, services.objects)
    inventories = InventoryReader(
      store: InstanceStore(store: services.parameters, prefix: settings.prefix), regions: settings.regions)
  }

  /// The routers that an event is about.
  /// - Parameter peersToo: whether the routers' peers have to be known as well: only who has tunnels to do with needs
  ///   their addresses.
  /// - Throws: ``Failure`` when the event names others, the topology can't be read, or there is not a single
  ///   parameter.
  func inventory(
    for event: FleetEvent, peersToo: Bool, latest: Deadline
  ) async throws(Failure) -> Inventory {
    let topology = try await topologies.topology(latest: latest)
    let names = Set(try event.chosen(among: topology.routers.map(\.name)))
    return try await inventories.inventory(
      of: topology, for: topology.routers.filter { names.contains($0.name) },
      peersToo: peersToo && event.mode != .command, latest: latest)
  }
}

extension Vocabulary {
  /// The SD-WAN's words.
  static let network = Vocabulary(
    item: "router", items: "routers", whole: "topology", names: "instances", function: "phase",
    namespace: "SDWAN", variables: "SDWAN", mark: "sdwan: ")
}
