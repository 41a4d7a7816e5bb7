import Foundation
import Glibc
import SSMKit
import Testing

@testable import SDWAN

/// Eight times the network takes about eight times as long. Work that grows with the square would take 64 times, so
/// the margin is wide; the time is the thread's own, whatever else the machine does.
@Suite struct LinearTopologyTests {
  /// Pairs of a hub and a branch, or hubs with as many branches as one may have.
  private func json(_ routers: Int, fullHubs: Bool) -> [UInt8] {
    var entries: [String] = []
    var tunnels: [String] = []
    for number in 0..<routers {
      let place = number % (fullHubs ? Topology.mostTunnels + 1 : 2)
      let isHub = place == 0
      let loopback = IPv4Address(bits: 0x0A00_0000 + UInt32(number))
      let role = isHub ? "sdwan" : "branch"
      entries.append(
        #""r\#(number)":{"region":"us-east-1","role":"\#(role)","loopback":"\#(loopback)/32"}"#)
      guard !isHub else { continue }
      let network = 0x6440_0000 + UInt32(number) * 4
      let (hub, vti) = ("r\(number - place)", "vti\(place - 1)")
      let ends = [(hub, vti, network + 1), ("r\(number)", "vti0", network + 2)].map { router, vti, address in
        #"{"router":"\#(router)","vti":"\#(vti)","address":"\#(IPv4Address(bits: address))/30"}"#
      }
      tunnels.append(#"{"name":"t\#(number)","ends":[\#(ends.joined(separator: ","))]}"#)
    }
    let (all, joined) = (entries.joined(separator: ","), tunnels.joined(separator: ","))
    return Array(#"{"routers":{\#(all)},"tunnels":[\#(joined)]}"#.utf8)
  }

  /// Seconds of this thread for all that is done with a topology.
  private func seconds(_ json: [UInt8]) throws -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let begun = now()
    let topology = try Topology(json: json)
    var ends = 0
    for router in topology.routers {
      ends += topology.links(of: router).count
      #expect(topology.router(named: router.name) == router)
    }
    #expect(ends == topology.tunnels.count * 2)
    return now() - begun
  }

  @Test(arguments: [false, true]) func eightTimesTheNetwork(fullHubs: Bool) throws {
    let (small, large) = (json(1000, fullHubs: fullHubs), json(8000, fullHubs: fullHubs))
    let base = try (0..<3).map { _ in try seconds(small) }.min() ?? 0
    #expect(try seconds(large) < base * 24)
  }
}
