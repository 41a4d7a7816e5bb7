import AWSClient
import SSMKit
import FleetTesting

@testable import SDWAN

/// A valid topology of 1 to 6 hubs in two regions, each with several branches, and what Parameter Store
/// would say about its routers.
struct RandomNetwork: Sendable {
  struct Host: Sendable {
    var instanceID: String
    var eip: IPv4Address
    var privateIP: IPv4Address
  }

  private(set) var routers: [Router] = []
  private(set) var tunnels: [Tunnel] = []
  let topology: Topology
  let hosts: [String: Host]

  init(_ random: inout SeededGenerator) throws {
    var build = Builder(random: random)
    build.run()
    random = build.random
    topology = try Topology(routers: build.routers, tunnels: build.tunnels)
    hosts = build.hosts
    routers = build.routers
    tunnels = build.tunnels
  }

  /// The four routers with the addresses of the captured outputs.
  static func standardHosts() throws -> [String: Host] {
    func address(_ text: String) throws -> IPv4Address {
      guard let address = IPv4Address(text) else { throw TopologyError(text) }
      return address
    }
    return [
      "nv-sdwan": Host(
        instanceID: "i-0000000000000000a", eip: try address("203.0.113.1"),
        privateIP: try address("10.10.1.10")),
      "nv-branch1": Host(
        instanceID: "i-0000000000000000b", eip: try address("203.0.113.2"),
        privateIP: try address("10.20.1.10")),
      "fra-sdwan": Host(
        instanceID: "i-0000000000000000c", eip: try address("203.0.113.3"),
        privateIP: try address("10.30.1.10")),
      "fra-branch1": Host(
        instanceID: "i-0000000000000000d", eip: try address("203.0.113.4"),
        privateIP: try address("10.40.1.10")),
    ]
  }

  private struct Builder {
    var random: SeededGenerator
    var routers: [Router] = []
    var tunnels: [Tunnel] = []
    var hosts: [String: Host] = [:]
    private var taken: Set<UInt32> = []
    private var vtis: [String: Set<Int>] = [:]

    init(random: SeededGenerator) { self.random = random }

    mutating func run() {
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let region: Region = Bool.random(using: &random) ? .virginia : .frankfurt
        let hub = addRouter(.sdwan, region)
        for _ in 0..<Int.random(in: 0...5, using: &random) {
          let branch = addRouter(.branch, region)
          connect(hub, branch)
          let others = routers.filter { $0.role == .sdwan && $0.region == region && $0.name != hub.name }
          if Int.random(in: 0..<3, using: &random) == 0, let second = others.randomElement(using: &random) {
            connect(second, branch)
          }
        }
      }
    }

    private mutating func addRouter(_ role: Router.Role, _ region: Region) -> Router {
      var name: String
      repeat { name = randomName(region) } while hosts[name] != nil
      let router = Router(
        name: name, region: region, role: role, loopback: freshAddress(alignedTo: 1), asn: randomASN())
      routers.append(router)
      hosts[name] = Host(
        instanceID: "i-" + text(of: "0123456789abcdef", count: 17), eip: freshAddress(alignedTo: 1),
        privateIP: freshAddress(alignedTo: 1))
      return router
    }

    private mutating func connect(_ hub: Router, _ branch: Router) {
      let network = freshAddress(alignedTo: 4).bits
      let first = Int.random(in: 1...2, using: &random)
      let ends = [(hub, first), (branch, 3 - first)].map { router, host in
        Tunnel.End(
          router: router.name, vti: freshVTI(of: router.name),
          address: IPv4Interface(address: IPv4Address(bits: network + UInt32(host)), prefixLength: 30))
      }
      let isHubFirst = Bool.random(using: &random)
      tunnels.append(
        Tunnel(name: "t\(tunnels.count)", isHubFirst ? ends[0] : ends[1], isHubFirst ? ends[1] : ends[0]))
    }

    /// Half of the names tell the region, half leave that to the topology.
    private mutating func randomName(_ region: Region) -> String {
      let rest = text(
        of: "abcdefghijklmnopqrstuvwxyz0123456789-", count: Int.random(in: 1...20, using: &random))
      if Bool.random(using: &random) { return (region == .virginia ? "nv-" : "fra-") + rest }
      return "r" + rest
    }

    private mutating func randomASN() -> UInt32? {
      if Bool.random(using: &random) { return nil }
      // Two routers of a tunnel must differ, and neither may have the other role's number.
      let asn = UInt32.random(in: 1..<UInt32.max, using: &random)
      return [23456, 65001, 65002].contains(asn) || !taken.insert(asn).inserted ? nil : asn
    }

    private mutating func freshVTI(of router: String) -> String {
      var number: Int
      repeat {
        number = Int.random(in: 0...9999, using: &random)
      } while vtis[router]?.contains(number) == true
      vtis[router, default: []].insert(number)
      return "vti\(number)"
    }

    /// A unicast address that is not used yet; its block neither.
    private mutating func freshAddress(alignedTo block: UInt32) -> IPv4Address {
      while true {
        let bits = UInt32.random(in: 0x0100_0000..<0xE000_0000, using: &random) & ~(block - 1)
        let addresses = Set(bits..<bits + block)
        guard bits >> 24 != 127, taken.isDisjoint(with: addresses) else { continue }
        taken.formUnion(addresses)
        return IPv4Address(bits: bits)
      }
    }

    private mutating func text(of letters: String, count: Int) -> String {
      String((0..<count).compactMap { _ in letters.randomElement(using: &random) })
    }
  }
}

extension Topology {
  /// What phase 2 gives a router.
  func configuration(of router: Router, _ hosts: [String: RandomNetwork.Host]) throws -> VPNConfiguration {
    guard let own = hosts[router.name] else { throw TopologyError("no host \(router.name)") }
    return VPNConfiguration(
      router: router, privateIP: own.privateIP,
      peers: links(of: router).compactMap { link in
        hosts[link.peer.name].map { .init(link: link, eip: $0.eip, privateIP: $0.privateIP) }
      })
  }

  /// What phase 3 wants to see of a router.
  func expectation(
    of router: Router, _ hosts: [String: RandomNetwork.Host], _ version: VyOSVersion
  ) throws -> Expectation {
    guard let own = hosts[router.name] else { throw TopologyError("no host \(router.name)") }
    return Expectation(
      router: router, privateIP: own.privateIP,
      peers: links(of: router).compactMap { link in
        hosts[link.peer.name].map { .init(link: link, eip: $0.eip, privateIP: $0.privateIP) }
      }, version: version)
  }
}

extension RandomNetwork {
  /// Number of generated cases of a property.
  static let cases = 120
}
