import Groundwork
import SSMKit

extension Expectation {
  /// The interfaces that tunnels stand on.
  func interfaceChecks(_ seen: Observation) -> [Check] {
    seen.interfaces.checks(.interfaces, "interfaces") { table in
      // Nobody knows eth1's address; it only has to be up.
      [
        check("eth0", address: "\(privateIP)/", in: table).on(.card, .router),
        check("eth1", address: nil, in: table),
        check("lo", address: "\(router.loopback)/32", in: table).on(.prefixes, .peers),
      ]
    }
  }

  /// The tunnels' own interfaces. VyOS raises a VTI with the first SA of its tunnel and lowers it with the last: one
  /// that is down is a tunnel that is not up, and may still come up.
  func vtiChecks(_ seen: Observation) -> [Check] {
    guard case .success(let table) = seen.interfaces else { return [] }
    return peers.map { peer in vtiCheck(peer, table, seen).on(.vti).about(peer) }
  }

  private func vtiCheck(_ peer: Peer, _ table: InterfaceTable, _ seen: Observation) -> Check {
    let (name, own) = (peer.link.own.vti, peer.link.own.address.description)
    return checking(.interfaces, "interface \(name)") { () throws(Unreadable) in
      guard let interface = try table.interface(named: name) else { return missing(name, .notConfigured) }
      let foreign = interface.addresses.filter { $0 != own && !$0.lowercased().hasPrefix("fe80:") }
      guard interface.addresses.contains(own) else { return misses(own, interface) }
      guard foreign.isEmpty else {
        return fail(
          interface, "\(name) has \(foreign.joined(separator: " and ")) beside its own address \(own)",
          .foreignConfiguration)
      }
      if interface.state == .up { return .ok(.interfaces, "interface \(name)", seen: shown(interface)) }
      let hasSA = association(peer, seen).health == .ok
      let finding = hasSA ? Finding(.staleVTI) : Finding(.noChild, .possible)
      if interface.state == .noLink {
        return fail(interface, "\(name) has no link (u/D)", finding, mayComeUp: true)
      }
      let why =
        hasSA
        ? "although its tunnel has an SA: VyOS did not raise it"
        : "as VyOS leaves it while its tunnel has no SA"
      return fail(interface, "\(name) is down (A/D), \(why)", finding, mayComeUp: true)
    }
  }

  /// - Parameter address: must be one of the interface's; one that ends in `/` may have any prefix length.
  private func check(_ name: String, address: String?, in table: InterfaceTable) -> Check {
    checking(.interfaces, "interface \(name)") { () throws(Unreadable) in
      guard let interface = try table.interface(named: name) else { return missing(name, .interface) }
      switch interface.state {
      case .adminDown: return fail(interface, "\(name) is switched off (A/D)", .interface)
      case .noLink: return fail(interface, "\(name) has no link (u/D)", .interface, mayComeUp: true)
      case .up: break
      }
      if let address, !interface.addresses.contains(where: { $0 == address || isAddress($0, address) }) {
        return misses(address, interface)
      }
      return .ok(.interfaces, "interface \(name)", seen: shown(interface))
    }
  }

  private func missing(_ name: String, _ cause: Cause) -> Check {
    .fail(.interfaces, "interface \(name)", seen: "nothing", "the router has no interface \(name)", cause)
  }

  private func misses(_ address: String, _ interface: InterfaceTable.Interface) -> Check {
    let wanted = address.hasSuffix("/") ? String(address.dropLast()) : address
    // eth0's comes from DHCP, the others' from phase 2.
    let isGiven = interface.name == "eth0"
    return fail(
      interface, "\(interface.name) does not have the address \(wanted)",
      isGiven ? .interface : .notConfigured,
      mayComeUp: isGiven)
  }

  private func fail(
    _ interface: InterfaceTable.Interface, _ reason: String, _ cause: Cause, mayComeUp: Bool = false
  ) -> Check {
    fail(interface, reason, Finding(cause), mayComeUp: mayComeUp)
  }

  private func fail(
    _ interface: InterfaceTable.Interface, _ reason: String, _ finding: Finding, mayComeUp: Bool = false
  ) -> Check {
    .fail(
      .interfaces, "interface \(interface.name)", seen: shown(interface), reason, finding,
      mayComeUp: mayComeUp)
  }

  private func shown(_ interface: InterfaceTable.Interface) -> String {
    "\(interface.state.rawValue) \(interface.addresses.joined(separator: " "))".oneLine(limit: 120)
  }

  private func isAddress(_ found: String, _ wanted: String) -> Bool {
    wanted.hasSuffix("/") && IPv4Interface(found).map { "\($0.address)/" } == wanted
  }
}
