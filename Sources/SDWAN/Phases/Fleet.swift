import SSMKit

/// The topology's routers with what Parameter Store knows of them.
struct Fleet: Sendable {
  private let topology: Topology
  private let prefix: ParameterPrefix
  private let discovery: ParameterStore.Discovery

  init(topology: Topology, prefix: ParameterPrefix, discovery: ParameterStore.Discovery) {
    self.topology = topology
    self.prefix = prefix
    self.discovery = discovery
  }

  /// Why a router can't be worked on.
  struct Unknown: Error {
    var reason: String
  }

  /// - Throws: ``Unknown`` that names every missing or malformed parameter.
  func config(of router: Router) throws(Unknown) -> InstanceConfig {
    let parameters = try parameters(of: router)
    do {
      return try parameters.config()
    } catch {
      throw Unknown(reason: error.description)
    }
  }

  /// The peers of a router with their addresses.
  /// - Throws: ``Unknown`` when an address of a peer is not known.
  func peers(of router: Router) throws(Unknown) -> [Peer] {
    var peers: [Peer] = []
    for link in topology.links(of: router) {
      let parameters = try parameters(of: link.peer)
      do {
        let addresses = try parameters.outsideAddresses()
        peers.append(Peer(link: link, eip: addresses.eip, privateIP: addresses.privateIP))
      } catch {
        throw Unknown(reason: "its peer \(link.peer.name) is not known: \(error)")
      }
    }
    return peers
  }

  /// The ends of a router's tunnels.
  func links(of router: Router) -> [Link] { topology.links(of: router) }

  private func parameters(of router: Router) throws(Unknown) -> InstanceParameters {
    if let failure = discovery.failures[router.region] {
      throw Unknown(reason: "the parameters of \(router.region) could not be read: \(failure)")
    }
    guard let region = discovery.values[router.region] else {
      throw Unknown(reason: "\(router.name) is in \(router.region), which SDWAN_REGIONS does not name")
    }
    return InstanceParameters(
      name: router.name, region: router.region, prefix: prefix, values: region[router.name] ?? [:])
  }

  /// - Throws: ``PhaseError`` when not a single parameter was found.
  func requireSomething(in regions: [Region]) throws(PhaseError) {
    guard discovery.isEmpty else { return }
    if let failure = regions.compactMap({ discovery.failures[$0] }).first {
      throw PhaseError(type: failure.type, message: failure.description)
    }
    let names = regions.map(\.name).joined(separator: ", ")
    throw PhaseError(
      type: "Parameters.NotFound",
      message: "no parameter was found under \(prefix) in \(names); terraform apply creates them")
  }
}
