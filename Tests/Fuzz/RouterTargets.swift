@testable import FleetKit
import FoundationEssentials
import Groundwork
@testable import SDWAN
@testable import SSMKit

/// What routers and hosts print. The captured outputs of the tests are seeds of all of them.
let routerTargets = [
  text("ipsec-sa") { _ = try? SecurityAssociation.parse($0) },
  text("ipsec-connections") { _ = try? IPsecConnection.parse($0) },
  text("bgp-summary") { text in
    guard let summary = try? BGPSummary(text), let address = IPv4Address("169.254.100.2") else { return }
    _ = try? summary.neighbor(address)
  },
  text("interfaces") { text in
    guard let table = try? InterfaceTable(text) else { return }
    for name in ["eth0", "vti0"] { _ = try? table.interface(named: name) }
  },
  text("ip-route") { _ = try? RouteTable($0) },
  text("ping") { text in
    for kind in [PingReport.Kind.small, .fullSize] {
      guard let report = try? PingReport(text, kind) else { continue }
      promise((0...report.sent).contains(report.received), "\(report)")
      let numbers = Numbers.Ping(report)
      promise((0...100).contains(numbers.loss) && !ResultSize.json(numbers).isEmpty, "\(numbers)")
    }
  },
  text(
    "ike-sa",
    seeds: [
      """
      Peer ID / IP                            Local ID / IP
      ------------                            -------------
      203.0.113.2 10.20.1.10                  10.10.1.10 10.10.1.10

          State  IKEVer  Encrypt      Hash          D-H Group      NAT-T  A-Time  L-Time
          -----  ------  -------      ----          ---------      -----  ------  ------
          up     IKEv2   AES_CBC_256  HMAC_SHA2_256_128 MODP_2048  yes    41      0

      """
    ]
  ) { text in
    guard let associations = try? IKEAssociations(text), let peer = IPv4Address("203.0.113.2") else { return }
    _ = associations.isUp(to: peer)
  },
  text(
    "ipsec-log",
    seeds: [
      """
      Nov 26 08:07:24 router charon[2436]: 12[NET] <3> received packet: from 203.0.113.2[4500] to 10.10.1.10[4500] (80 bytes)
      Nov 26 08:07:24 router charon[2436]: 12[IKE] <nv-branch1|3> received AUTHENTICATION_FAILED notify error
      12[IKE] <peer-203.0.113.2-tunnel-vti|4> tried 1 shared key for '10.10.1.10' - '10.20.1.10', but MAC mismatched
      charon-systemd[2440]: no IKE config found for 10.10.1.10...203.0.113.2, sending NO_PROPOSAL_CHOSEN
      05[IKE] <1> retransmit 4 of request with message ID 0

      """
    ]
  ) { text in
    for version in VyOSVersion.allCases {
      guard let peers = expectation(version)?.peers else { fatalError("no expectation") }
      let log = CharonLog(text, peers: peers)
      for peer in peers { _ = log.entries(of: peer) }
    }
  },
  text("packed") { text in
    let plain = PackedOutput.plain(text, limit: 1 << 20)
    promise(plain == text || text.hasPrefix("=====[ gzip base64"), "a plain text was changed")
  },
  text("verdict") { output in
    _ = try? PlannedChanges(phase1: output, wanted: [])
    if let planned = try? PlannedChanges(phase2: [output, output], wanted: []) {
      promise(planned.lines.count % 2 == 0, "the same told twice, and not twice as much")
    }
    for version in VyOSVersion.allCases {
      guard let expectation = expectation(version) else { fatalError("no expectation") }
      let verdict = expectation.verdict(on: output)
      promise(verdict.isHealthy == verdict.reasons.isEmpty, "a verdict against its own reasons")
      let found = FleetDiagnosis(["nv-sdwan": verdict.checks], branches: []).diagnoses(of: "nv-sdwan")
      promise(verdict.isHealthy == found.isEmpty, "a verdict against its diagnoses")
    }
  },
  text("shortening") { text in
    for limit in [Shortening.leastSize, 200, 4000] {
      promise(JSONSize.of(Shortening.cut(text, toJSONBytes: limit)) <= limit, "longer than \(limit)")
      promise(JSONSize.of(text.oneLine(limit: limit)) <= limit, "longer than \(limit)")
    }
  },
]

private func text(
  _ name: String, seeds: [String] = [], _ run: @escaping @Sendable (String) -> Void
) -> FuzzTarget {
  FuzzTarget(name: name, seeds: seeds) { run(String(decoding: $0, as: UTF8.self)) }
}

/// What phase 3 expects of nv-sdwan, whose outputs were captured.
private func expectation(_ version: VyOSVersion) -> Expectation? {
  guard let topology = try? Topology.standard(), let router = topology.router(named: "nv-sdwan"),
    let own = IPv4Address("10.10.1.10"), let eip = IPv4Address("203.0.113.2"),
    let peer = IPv4Address("10.20.1.10")
  else { return nil }
  let peers = topology.links(of: router).map { Peer(link: $0, eip: eip, privateIP: peer) }
  return Expectation(router: router, privateIP: own, peers: peers, version: version)
}
