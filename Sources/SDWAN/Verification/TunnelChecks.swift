import Groundwork

extension Expectation {
  func tunnelChecks(_ seen: Observation) -> [Check] {
    if peers.isEmpty { return [] }
    let associations = seen.associations.checks(.ipsec, "ipsec-sa") { _ in
      peers.map { association($0, seen).about($0) }
    }
    guard version.namesPeers else { return associations }
    return associations
      + seen.connections.checks(.ipsec, "ipsec-connections") { rows in
        peers.map { connection($0, rows, seen).about($0) }
      }
  }

  /// AES-256 in CBC mode with HMAC-SHA-256, as phase 2 asks for; a PFS group may follow.
  private static let proposal = "AES_CBC_256/HMAC_SHA2_256_128"

  /// Whether a tunnel has an SA to the right peer with the right algorithms.
  func association(_ peer: Peer, _ seen: Observation) -> Check {
    let title = "tunnel to \(peer.link.peer.name)"
    return checking(.ipsec, title) { () throws(Unreadable) in
      let own = own(try seen.associations.get(), of: peer)
      for row in own { try row.check() }
      let toPeer = own.filter { $0.isUp && $0.remoteAddress == peer.eip.description }
      guard let first = toPeer.first else { return withoutAssociation(peer, own, seen) }
      // VyOS 1.3 prints N/A for an id that is the address itself.
      let ids =
        peer.eip == peer.privateIP ? [peer.privateIP.description, "N/A"] : [peer.privateIP.description]
      guard let match = toPeer.first(where: { ids.contains($0.remoteID) }) else {
        return .fail(
          .ipsec, title, seen: "up, remote id \(first.remoteID)",
          "the SA to \(peer.eip) is with \(first.remoteID.isEmpty ? "nobody" : first.remoteID) instead of \(peer.privateIP)",
          .identityMismatch)
      }
      guard match.proposal.hasPrefix(Self.proposal) else {
        return .fail(
          .ipsec, title, seen: "up, \(match.proposal)",
          "the SA to \(peer.eip) uses \(match.proposal) instead of \(Self.proposal)", .proposalMismatch)
      }
      let dead = own.count { !$0.isUp }
      return .ok(
        .ipsec, title, seen: "up, \(match.remoteAddress) \(match.remoteID) \(match.proposal)",
        note: dead > 1 ? "\(dead) dead SAs are left beside the one that is up" : nil)
    }
  }

  /// A row is a tunnel's by its name; where none has it, by its VTI and its peer's address. VyOS 1.3 shows no address
  /// of one that is down.
  func own(_ rows: [SecurityAssociation], of peer: Peer) -> [SecurityAssociation] {
    let (old, new) = ("peer-\(peer.eip)-tunnel-vti", "\(peer.link.peer.name)-vti")
    let named = rows.filter { $0.connection == old || $0.connection == new }
    if !named.isEmpty { return named }
    let address = peer.eip.description
    return rows.filter { $0.remoteAddress == address && $0.isOfVTI }
  }

  /// Whether it is known that a tunnel has no SA.
  func lacksAssociation(_ peer: Peer, _ seen: Observation) -> Bool {
    guard let rows = try? seen.associations.get() else { return false }
    return association(peer, seen).health != .ok
      && !own(rows, of: peer).contains { $0.isUp && $0.remoteAddress == peer.eip.description }
  }

  private func withoutAssociation(_ peer: Peer, _ own: [SecurityAssociation], _ seen: Observation) -> Check {
    let title = "tunnel to \(peer.link.peer.name)"
    if own.contains(where: \.isNotShown), carries(peer, seen) {
      return .ok(
        .ipsec, title, seen: "down N/A",
        note: "VyOS 1.3 shows it as down, but it shows one of several IKE SAs only: the pings through "
          + "\(peer.link.own.vti) come back and BGP is Established over it")
    }
    let dead = own.count { !$0.isUp && !$0.isNotShown }
    let others = (try? seen.associations.get().filter(\.isUp).map(\.remoteAddress)) ?? []
    let shown = others.isEmpty ? "no SA" : "SAs to \(others.joined(separator: " "))".oneLine(limit: 120)
    let left = dead > 0 ? " (\(dead) dead \(dead == 1 ? "one is" : "ones are") left)" : ""
    let elsewhere = own.first { $0.isUp }.map {
      Finding(.notConfigured, evidence: ["show vpn ipsec sa: \($0.connection) leads to \($0.remoteAddress)"])
    }
    return .fail(
      .ipsec, title, seen: shown, "no IPsec SA to \(peer.eip) is up\(left)",
      elsewhere ?? whyNoAssociation(peer, seen), mayComeUp: true)
  }

  /// Whether packets go through a tunnel and come back, whatever is shown of its SAs.
  private func carries(_ peer: Peer, _ seen: Observation) -> Bool {
    let address = peer.link.far.address.address
    guard case .success(let report)? = seen.pings[address.description], report.isComplete,
      case .success(let summary) = seen.bgp, let neighbor = try? summary.neighbor(address),
      neighbor.asn == peer.link.peer.asn, case .established(1...) = neighbor.session,
      case .success(let table) = seen.interfaces,
      let interface = try? table.interface(named: peer.link.own.vti)
    else { return false }
    return interface.state == .up
  }

  private func connection(_ peer: Peer, _ rows: [IPsecConnection], _ seen: Observation) -> Check {
    let title = "connection to \(peer.link.peer.name)"
    let name = peer.link.peer.name
    var note: String?
    for isTunnel in [false, true] {
      let kind = isTunnel ? "IPsec" : "IKE"
      let kindred = rows.filter { $0.isTunnel == isTunnel && (!isTunnel || $0.isOfVTI) }
      let named = kindred.filter { $0.name == (isTunnel ? "\(name)-vti" : name) }
      let address = peer.eip.description
      let rows = named.isEmpty ? kindred.filter { $0.remoteAddress == address } : named
      guard let row = rows.first(where: \.isUp) ?? rows.first else {
        return .fail(
          .ipsec, title, seen: "nothing", "no \(kind) connection to \(peer.eip) is configured",
          .notConfigured)
      }
      if let wrong = configured(row, peer, kind) { return wrong }
      if row.proposal == "-", carries(peer, seen), association(peer, seen).health == .ok {
        note =
          "VyOS shows no proposal of the \(kind) connection, as it does for one of several IKE SAs that has none; "
          + "another one is up and carries the traffic"
        continue
      }
      guard row.isUp, row.proposal != "-" else {
        let state = row.isUp ? "still being negotiated" : "down"
        return .fail(
          .ipsec, title, seen: "\(kind) \(row.state)", "the \(kind) connection to \(peer.eip) is \(state)",
          // Without an SA it is the SA's check that says why.
          association(peer, seen).health == .ok
            ? Finding(.twoIKESAs, .possible) : Finding(.noChild, .possible),
          mayComeUp: true)
      }
      let wanted = isTunnel ? Self.tunnelProposals : Self.ikeProposals
      guard wanted.contains(row.proposal) else {
        return .fail(
          .ipsec, title, seen: "up, \(row.proposal)",
          "the \(kind) connection to \(peer.eip) uses \(row.proposal) instead of \(wanted[0])",
          .proposalMismatch)
      }
    }
    return .ok(.ipsec, title, seen: "up", note: note)
  }

  /// What is wrong with a connection whether it is up or not.
  private func configured(_ row: IPsecConnection, _ peer: Peer, _ kind: String) -> Check? {
    let title = "connection to \(peer.link.peer.name)"
    guard ["up", "down"].contains(row.state), ["IKEv2", "IPsec"].contains(row.type),
      row.remoteAddress == peer.eip.description
    else {
      return .fail(
        .ipsec, title, seen: "\(row.state) \(row.type) \(row.remoteAddress)".oneLine(limit: 120),
        "the \(kind) connection \(row.name) is \(row.type) to \(row.remoteAddress) and \(row.state), instead of "
          + "\(kind == "IKE" ? "IKEv2" : kind) to \(peer.eip)", .notConfigured)
    }
    guard row.localID == privateIP.description, row.remoteID == peer.privateIP.description else {
      return .fail(
        .ipsec, title, seen: "\(row.state), ids \(row.localID) \(row.remoteID)".oneLine(limit: 120),
        "the \(kind) connection to \(peer.eip) is between \(row.localID) and \(row.remoteID) instead of "
          + "\(privateIP) and \(peer.privateIP)", .notConfigured)
    }
    return nil
  }

  private static let ikeProposals = ["AES_CBC/256/HMAC_SHA2_256_128/MODP_2048"]
  /// The first SA takes its key from IKE; rekeying adds the PFS group.
  private static let tunnelProposals = [
    "AES_CBC/256/HMAC_SHA2_256_128/None", "AES_CBC/256/HMAC_SHA2_256_128/MODP_2048",
  ]
}
