extension Expectation {
  func interfaceChecks(_ answers: Answers) -> [Check] {
    judge(.interfaces, "interfaces", answers, { text throws(Unreadable) in try InterfaceTable(text) }) {
      table in
      let vtis = peers.map(\.link).map { check($0.own.vti, address: $0.own.address.description, in: table) }
      // Nobody knows eth1's address; it only has to be up.
      return [
        check("eth0", address: "\(privateIP)/", in: table), check("eth1", address: nil, in: table),
        check("lo", address: "\(router.loopback)/32", in: table),
      ] + vtis
    }
  }

  /// - Parameter address: must be one of the interface's; one that ends in `/` may have any prefix length.
  private func check(_ name: String, address: String?, in table: InterfaceTable) -> Check {
    let title = "interface \(name)"
    guard let interface = table.interface(named: name) else {
      return .fail(.interfaces, title, seen: "nothing", "the router has no interface \(name)")
    }
    let seen = "\(interface.state.rawValue) \(interface.addresses.joined(separator: " "))".oneLine(limit: 120)
    switch interface.state {
    case .adminDown: return .fail(.interfaces, title, seen: seen, "\(name) is switched off (A/D)")
    case .noLink: return .fail(.interfaces, title, seen: seen, "\(name) has no link (u/D)", mayComeUp: true)
    case .up: break
    }
    if let address, !interface.addresses.contains(where: { $0 == address || isAddress($0, address) }) {
      let wanted = address.hasSuffix("/") ? String(address.dropLast()) : address
      return .fail(
        .interfaces, title, seen: seen, "\(name) does not have the address \(wanted)",
        mayComeUp: name == "eth0")
    }
    return .ok(.interfaces, title, seen: seen)
  }

  private func isAddress(_ found: String, _ wanted: String) -> Bool {
    wanted.hasSuffix("/") && IPv4Interface(found).map { "\($0.address)/" } == wanted
  }
}
