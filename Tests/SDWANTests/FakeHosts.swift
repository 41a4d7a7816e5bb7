import AWSClient
import FleetTesting

@testable import SDWAN

/// The hosts of a network.
typealias FakeHosts = FakeSystemsManager

extension FakeSystemsManager {
  /// - Parameter answer: what a router's host says, the how manieth command it is.
  convenience init(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host],
    _ answer: @escaping @Sendable (_ router: String, _ number: Int) -> Answer
  ) {
    self.init(
      Self.instances(topology, hosts), parameters: Self.parameters(topology, hosts),
      { command, number in answer(command.instance, number) })
  }

  /// - Parameter answer: what a command says, the how manieth it is of its router.
  static func byCommand(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host],
    _ answer: @escaping @Sendable (_ command: Command, _ number: Int) -> Answer
  ) -> FakeHosts {
    FakeHosts(instances(topology, hosts), parameters: parameters(topology, hosts), answer)
  }

  private static func instances(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host]
  ) -> [Instance] {
    topology.routers.compactMap { router in
      hosts[router.name].map { Instance(router.name, $0.instanceID, in: router.region) }
    }
  }

  private static func parameters(
    _ topology: Topology, _ hosts: [String: RandomNetwork.Host]
  ) -> [Region: [String: String]] {
    var parameters: [Region: [String: String]] = [:]
    for router in topology.routers {
      guard let host = hosts[router.name] else { continue }
      for (type, value) in [
        ("instance-id", host.instanceID), ("outside-eip", "\(host.eip)"),
        ("outside-private-ip", "\(host.privateIP)"),
      ] {
        parameters[router.region, default: [:]]["/sdwan/\(router.name)/\(type)"] = value
      }
    }
    return parameters
  }
}
