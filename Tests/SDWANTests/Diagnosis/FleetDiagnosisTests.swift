import SSMKit
import Testing
import FleetTesting

@testable import SDWAN

/// Of two ends the one that has the cause, by what a whole network shows.
@Suite struct FleetDiagnosisTests {
  /// A hub with branches `b1`, `b2`, …
  static func star(_ count: Int) throws -> Topology {
    func router(_ name: String, _ number: Int, _ role: Router.Role) -> Router {
      Router(
        name: name, region: .virginia, role: role, loopback: IPv4Address(bits: 0x0AFF_0000 + UInt32(number)),
        asn: 65000 + UInt32(number))
    }
    let branches = (1...count).map { router("b\($0)", $0, .branch) }
    let tunnels = branches.enumerated().map { number, branch in
      let ends = [("hub", "vti\(number)", 1), (branch.name, "vti0", 2)].map { name, vti, host in
        Tunnel.End(
          router: name, vti: vti,
          address: IPv4Interface(
            address: IPv4Address(bits: 0xA9FE_0000 + UInt32(number * 4 + host)), prefixLength: 30))
      }
      return Tunnel(name: branch.name, ends[0], ends[1])
    }
    return try Topology(routers: [router("hub", 0, .sdwan)] + branches, tunnels: tunnels)
  }

  private func check(
    to peer: String, _ cause: Cause?, _ confidence: Confidence = .likely, strength: Int = 1,
    layer: Layer = .tunnel
  ) -> Check {
    var check = Check.ok(.ipsec, "tunnel to \(peer)", seen: "up")
    if let cause {
      check = .fail(
        .ipsec, "tunnel to \(peer)", seen: "no SA", "no IPsec SA to \(peer) is up",
        Finding(cause, confidence, strength: strength))
    }
    check.reach = .tunnel(peer)
    return check.on(layer)
  }

  /// A star of three branches; which tunnels show something.
  private func star(_ ill: Set<Int>, _ cause: Cause, hubToo: Bool = true) -> FleetDiagnosis {
    let all = [1, 2, 3]
    var checks = ["hub": all.map { check(to: "b\($0)", ill.contains($0) ? cause : nil) }]
    for number in all { checks["b\(number)"] = [check(to: "hub", ill.contains(number) ? cause : nil)] }
    if !hubToo { checks["hub"] = nil }
    return FleetDiagnosis(checks, branches: ["b1", "b2", "b3"])
  }

  @Test func oneBranchOfSeveral() {
    let fleet = star([2], .peerUnreachable)
    #expect(fleet.diagnoses(of: "b2").map(\.at) == [nil])
    #expect(fleet.diagnoses(of: "hub").map(\.at) == ["b2"])
    #expect(fleet.diagnoses(of: "b2").map(\.confidence) == [.likely])
    #expect(fleet.diagnoses(of: "b1").isEmpty)
  }

  @Test func theHubOfAll() {
    let fleet = star([1, 2, 3], .peerUnreachable)
    #expect(fleet.diagnoses(of: "hub").map(\.at) == [nil], "one cause, not three")
    #expect(fleet.diagnoses(of: "hub").first?.evidence.count ?? 0 > 2)
    for name in ["b1", "b2", "b3"] { #expect(fleet.diagnoses(of: name).map(\.at) == ["hub"]) }
  }

  /// Two of three: each of them, as the hub has a tunnel that is well.
  @Test func someBranches() {
    let fleet = star([1, 3], .keyMismatch)
    #expect(fleet.diagnoses(of: "hub").map(\.at) == ["b1", "b3"])
    #expect(fleet.diagnoses(of: "b1").map(\.at) == [nil])
  }

  /// A phase that sees one end only says what it can.
  @Test func oneEndOnly() {
    let fleet = star([1, 2, 3], .keyMismatch, hubToo: false)
    #expect(fleet.diagnoses(of: "b1").map(\.cause) == [.keyMismatch])
    #expect(fleet.diagnoses(of: "b1").map(\.at) == [nil])
    #expect(fleet.diagnoses(of: "hub").isEmpty)
  }

  /// The end that refuses knows why; both ends say the same.
  @Test(arguments: [false, true])
  func theBetterEvidence(swapped: Bool) {
    let (a, b) = swapped ? ("y", "x") : ("x", "y")
    let checks = [
      a: [check(to: b, .keyMismatch, strength: 4)],
      b: [check(to: a, .identityMismatch, .certain, strength: 7)],
    ]
    for branches in [Set([a]), [b], [a, b], []] {
      let fleet = FleetDiagnosis(checks, branches: branches)
      let (one, other) = (fleet.diagnoses(of: a), fleet.diagnoses(of: b))
      #expect(one.map(\.cause) == [.identityMismatch] && other.map(\.cause) == [.identityMismatch])
      #expect((one.first?.at == nil) != (other.first?.at == nil), "exactly one of them has it")
      #expect(one.first?.confidence == .possible)
      if branches == [a] { #expect(one.first?.at == nil) }
      if branches == [b] { #expect(other.first?.at == nil) }
    }
  }

  /// Random networks with random findings: every ill router has a diagnosis, whom a cause is ascribed to is an end
  /// of the tunnel and ill or has it itself, and every failing check is accounted for once.
  @Test func anyNetwork() throws {
    var random = SeededGenerator("fleet diagnosis")
    for _ in 0..<300 {
      let count = Int.random(in: 1...5, using: &random)
      var checks: [String: [Check]] = ["hub": []]
      for number in 1...count {
        let (name, layers) = ("b\(number)", [Layer.tunnel, .vti, .session, .prefixes, .route, .path])
        checks[name] = []
        for layer in layers {
          for (one, other) in [("hub", name), (name, "hub")] {
            let cause = Bool.random(using: &random) ? nil : Cause.allCases.randomElement(using: &random)
            var made = check(to: other, cause, layer: layer)
            made.name = "\(layer) to \(other)"
            checks[one]?.append(made)
          }
        }
      }
      if Bool.random(using: &random) {
        checks["hub"]?.append(
          Check.fail(.interfaces, "eth0", seen: "", "eth0", .interface).on(.card, .router))
      }
      let fleet = FleetDiagnosis(checks, branches: Set(checks.keys.filter { $0 != "hub" }))
      for (name, list) in checks {
        let found = fleet.diagnoses(of: name)
        let failing = list.filter { $0.health != .ok }
        #expect(found.isEmpty == failing.isEmpty)
        for diagnosis in found {
          #expect(!diagnosis.evidence.isEmpty && diagnosis.evidence.count <= Diagnosis.mostEvidence)
          if let at = diagnosis.at {
            #expect(at == "hub" || name == "hub")
            #expect(checks[at]?.contains { $0.health != .ok } == true)
          }
        }
        let folded = found.flatMap(\.folds)
        #expect(Set(folded).isSubset(of: failing.map(\.name)))
        #expect(folded.count == Set(folded).count, "folded twice: \(folded)")
      }
    }
  }
}
