import FleetKit
import Groundwork

/// What the three phases work on: the network as the environment and Parameter Store describe it.
struct Network: Sendable {
  let settings: NetworkSettings
  private let topologies: DocumentReader<Topology>
  private let inventories: InventoryReader
  private let kept = KeptInventory()
  private let keys: KeyNameReader

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  init(_ services: FleetServices) throws(Failure) {
    do throws(ConfigurationError) {
      settings = try NetworkSettings(environment: services.environment)
    } catch {
      throw Failure(error)
    }
    topologies = DocumentReader(
      .init("topology", in: "SDWAN_TOPOLOGY", maximumSize: Topology.maximumSize), settings.topology,
      services.objects
    ) { try Topology(json: $0) }
    keys = KeyNameReader(store: services.parameters, path: settings.secrets.key)
    inventories = InventoryReader(
      store: InstanceStore(store: services.parameters, prefix: settings.prefix), regions: settings.regions)
  }

  /// All routers, as waves name them.
  /// - Throws: ``Failure`` when the topology can't be read.
  func roster(latest: Deadline) async throws(Failure) -> Roster {
    Roster(try await topologies.value(latest: latest).routers.map(\.name), field: "routers")
  }

  /// The routers that an event is about.
  /// - Parameter depth: how much has to be known of them.
  /// - Throws: ``Failure`` when the event names others, the topology can't be read, or there is not a single
  ///   parameter.
  func inventory(
    for event: FleetEvent, _ depth: KeptInventory.Depth, latest: Deadline
  ) async throws(Failure) -> Inventory {
    let topology = try await topologies.value(latest: latest)
    let names = Set(try event.chosen(among: topology.routers.map(\.name)))
    let question = KeptInventory.Question(
      execution: event.executionMark, topology: topology,
      routers: topology.routers.filter { names.contains($0.name) },
      depth: event.mode == .command ? .routers : depth)
    return try await kept.inventory(for: question) { () async throws(Failure) in
      async let keys =
        question.depth == .keys && settings.hasOwnKeys
        ? self.keys.read(in: Set(question.routers.map(\.region)), latest: latest) : .onlyCommon
      return try await inventories.inventory(
        of: topology, for: question.routers, peersToo: question.depth != .routers, keys, latest: latest)
    }
  }
}

extension Vocabulary {
  /// The SD-WAN's words.
  static let network = Vocabulary(
    item: "router", items: "routers", whole: "topology", names: "instances", function: "phase",
    namespace: "SDWAN", variables: "SDWAN", mark: "sdwan: ")
}
