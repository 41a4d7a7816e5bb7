import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// What Parameter Store knows of the topology's routers.
struct KnownInstances: Sendable {
  let topology: Topology
  private let prefix: ParameterPrefix
  private let discovery: Discovery
  private let owners: ParameterOwners

  init(_ discovery: Discovery, of topology: Topology, below prefix: ParameterPrefix) {
    self.topology = topology
    self.prefix = prefix
    self.discovery = discovery
    owners = ParameterOwners(discovery)
  }

  /// Whether every region could be read.
  var isWhole: Bool { discovery.failures.isEmpty }

  /// - Throws: ``Obstacle`` that names every parameter that is missing, malformed, or another router's.
  func config(of router: Router) throws(Obstacle) -> InstanceConfig {
    let parameters = try parameters(of: router)
    let config: InstanceConfig
    do {
      config = try parameters.config()
    } catch {
      throw Obstacle(error.description)
    }
    try requireOwn(config)
    return config
  }

  private func requireOwn(_ config: InstanceConfig) throws(Obstacle) {
    let path = { (type: ParameterType) in
      "parameter \(prefix.path(name: config.name, type: type)) in \(config.region)"
    }
    for (type, value) in [
      (ParameterType.instanceID, config.instanceID.text), (.outsideEIP, config.outsideEIP.description),
    ] {
      guard let other = owners.another(than: config.name, having: value, as: type) else { continue }
      throw Obstacle("\(path(type)) is \(value), which is the \(type.rawValue) of \(other) too")
    }
    for (type, address) in [
      (ParameterType.outsideEIP, config.outsideEIP), (.outsidePrivateIP, config.outsidePrivateIP),
    ] {
      guard let use = topology.use(of: address) else { continue }
      throw Obstacle("\(path(type)) is \(address), which is \(use)")
    }
  }

  /// The peers of a router with their addresses.
  /// - Throws: ``Obstacle`` when an address of a peer is not known, or is the router's own.
  func peers(of router: Router) throws(Obstacle) -> [Peer] {
    var peers: [Peer] = []
    let own = try? self.parameters(of: router).outsideAddresses().privateIP
    for link in topology.links(of: router) {
      let parameters = try parameters(of: link.peer)
      let addresses: (eip: IPv4Address, privateIP: IPv4Address)
      do {
        addresses = try parameters.outsideAddresses()
      } catch {
        throw Obstacle("its peer \(link.peer.name) is not known: \(error)")
      }
      if addresses.privateIP == own {
        let path = prefix.path(name: router.name, type: .outsidePrivateIP)
        throw Obstacle(
          "parameter \(path) is \(addresses.privateIP), which is that of its peer \(link.peer.name) too: the "
            + "ends of a tunnel know each other by it")
      }
      peers.append(Peer(link: link, eip: addresses.eip, privateIP: addresses.privateIP))
    }
    return peers
  }

  private func parameters(of router: Router) throws(Obstacle) -> InstanceParameters {
    if let failure = discovery.failures[router.region] {
      throw Obstacle("the parameters of \(router.region) could not be read: \(failure)")
    }
    guard let region = discovery.values[router.region] else {
      throw Obstacle("\(router.name) is in \(router.region), which SDWAN_REGIONS does not name")
    }
    return InstanceParameters(
      name: router.name, region: router.region, prefix: prefix, values: region[router.name] ?? [:])
  }

  /// - Throws: ``Failure`` when not a single parameter was found.
  func requireSomething(in regions: [Region]) throws(Failure) {
    guard discovery.isEmpty else { return }
    if let failure = regions.compactMap({ discovery.failures[$0] }).first {
      throw Failure(type: failure.type, message: failure.description)
    }
    let names = regions.map(\.name).joined(separator: ", ")
    throw Failure(
      type: "Parameters.NotFound",
      message: "no parameter was found under \(prefix) in \(names); terraform apply creates them")
  }
}
