import AWSClient
import FleetKit
import Groundwork
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

@Suite struct InventoryReaderTests {
  private func fleet(
    _ network: RandomNetwork, _ routers: [Router], _ service: FakeService
  ) async throws -> Inventory {
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(VirtualClock().clock()))
    let reader = InventoryReader(
      store: InstanceStore(store: ParameterStore(client), prefix: ParameterPrefix(of: .network)),
      regions: [.virginia, .frankfurt])
    return try await reader.inventory(of: network.topology, for: routers, peersToo: true, latest: .never)
  }

  private static func config(_ router: Router, _ fleet: Inventory) throws(Obstacle) -> InstanceConfig {
    guard let target = fleet.targets.first(where: { $0.name == router.name }) else {
      throw Obstacle("no target")
    }
    return try fleet.router(target).1
  }

  private func addresses(_ peers: [Peer]) -> [[IPv4Address]] { peers.map { [$0.eip, $0.privateIP] } }

  /// Of any part of any network as much is known as if all had been read, in no more calls.
  @Test func partsOfNetworks() async throws {
    var random = SeededGenerator("partsOfNetworks")
    var saved = 0
    for _ in 0..<100 {
      let network = try RandomNetwork(&random)
      let hosts = FakeHosts(network.topology, network.hosts) { _, _ in FakeHosts.Answer() }
      let (whole, part) = (hosts.service, hosts.service)
      let all = try await fleet(network, network.routers, whole)
      let wanted = network.routers.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
      let some = try await fleet(network, Array(wanted), part)
      for router in wanted {
        #expect(try Self.config(router, some) == Self.config(router, all))
        #expect(try addresses(some.peers(of: router)) == addresses(all.peers(of: router)))
      }
      #expect(part.calls.count <= whole.calls.count)
      saved += whole.calls.count - part.calls.count
    }
    #expect(saved > 0)
  }

  /// Whether it is this router that is unknown, or all of them, is a difference.
  @Test func nothingOfThePart() async throws {
    var random = SeededGenerator("nothingOfThePart")
    var network = try RandomNetwork(&random)
    while network.routers.count < 20 { network = try RandomNetwork(&random) }
    let hosts = FakeHosts(network.topology, network.hosts) { _, _ in FakeHosts.Answer() }
    let router = network.routers[0]
    for type in ParameterType.allCases {
      hosts.set("/sdwan/\(router.name)/\(type.rawValue)", in: router.region, to: nil)
    }
    let fleet = try await fleet(network, [router], hosts.service)
    let unknown = #expect(throws: Obstacle.self) { try Self.config(router, fleet) }
    #expect(unknown?.reason.contains("/sdwan/\(router.name)/instance-id is missing") == true)

    hosts.removeAllParameters()
    let (part, whole) = (hosts.service, hosts.service)
    let error = await #expect(throws: Failure.self) {
      _ = try await self.fleet(network, [router], part)
    }
    #expect(error?.type == "Parameters.NotFound")
    // Where everything was asked for there is nothing to look at again, nor where nobody answers.
    _ = await #expect(throws: Failure.self) { _ = try await self.fleet(network, network.routers, whole) }
    #expect(whole.calls.count == 2)
    hosts.deny(.virginia)
    hosts.deny(.frankfurt)
    let denied = hosts.service
    let refusal = await #expect(throws: Failure.self) {
      _ = try await self.fleet(network, network.routers, denied)
    }
    #expect(refusal?.type == "AWS.AccessDeniedException" && denied.calls.count == 2)
  }
}
