import AWSClient
import FleetKit
import SSMKit

/// The routers that an event is about, with what is known of them. There is one in an invocation: it is handed on, not
/// copied.
final class Inventory: Sendable {
  /// Those that the event is about.
  let targets: [Target]
  private let known: KnownInstances
  private let configs: [String: InstanceConfig]
  private let keys: TunnelKeys

  var topology: Topology { known.topology }
  /// Whether every region could be read.
  var isWhole: Bool { known.isWhole && keys.isWhole }

  init(of routers: [Router], _ known: KnownInstances, _ keys: TunnelKeys) {
    self.known = known
    self.keys = keys
    var configs: [String: InstanceConfig] = [:]
    targets = routers.map { router in
      do throws(Obstacle) {
        let config = try known.config(of: router)
        configs[router.name] = config
        return Target(router.name, config.instanceID, in: config.region)
      } catch {
        return Target(router.name, error)
      }
    }
    self.configs = configs
  }

  /// The router that a target is, and what is known of it.
  /// - Throws: ``Obstacle`` that says why nothing can be done with it.
  func router(_ target: Target) throws(Obstacle) -> (Router, InstanceConfig) {
    guard let router = topology.router(named: target.name) else {
      throw Obstacle("the topology has no router \(target.name)")
    }
    if let config = configs[target.name] { return (router, config) }
    return (router, try known.config(of: router))
  }

  /// The peers of a router with their addresses.
  /// - Throws: ``Obstacle`` when an address of a peer is not known, or is the router's own.
  func peers(of router: Router) throws(Obstacle) -> [Peer] { try known.peers(of: router) }

  /// The tunnels of a router's region that have keys of their own.
  /// - Throws: ``Obstacle`` when that is not known.
  func ownKeys(in region: Region) throws(Obstacle) -> Set<String> { try keys.names(in: region) }
}
