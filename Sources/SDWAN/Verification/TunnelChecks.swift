extension Expectation {
  func tunnelChecks(_ answers: Answers) -> [Check] {
    if peers.isEmpty { return [] }
    let associations = judge(
      .ipsec, "ipsec-sa", answers, { text throws(Unreadable) in try SecurityAssociation.parse(text) }
    ) { rows in peers.map { check($0, rows) } }
    guard version.namesPeers else { return associations }
    return associations
      + judge(
        .ipsec, "ipsec-connections", answers, { text throws(Unreadable) in try IPsecConnection.parse(text) }
      ) { rows in peers.map { check($0, rows) } }
  }

  /// AES-256 in CBC mode with HMAC-SHA-256, as phase 2 asks for; a PFS group may follow.
  private static let proposal = "AES_CBC_256/HMAC_SHA2_256_128"

  private func check(_ peer: Peer, _ rows: [SecurityAssociation]) -> Check {
    let title = "tunnel to \(peer.link.peer.name)"
    let toPeer = rows.filter { $0.isUp && $0.remoteAddress == peer.eip.description }
    guard !toPeer.isEmpty else {
      let others = rows.filter(\.isUp).map(\.remoteAddress).joined(separator: " ")
      let seen = others.isEmpty ? "no SA" : "SAs to \(others)".oneLine(limit: 120)
      return .fail(.ipsec, title, seen: seen, "no IPsec SA to \(peer.eip) is up", mayComeUp: true)
    }
    // VyOS 1.3 prints N/A for an id that is the address itself.
    let ids = peer.eip == peer.privateIP ? [peer.privateIP.description, "N/A"] : [peer.privateIP.description]
    guard let match = toPeer.first(where: { ids.contains($0.remoteID) }) else {
      let found = toPeer[0].remoteID
      return .fail(
        .ipsec, title, seen: "up, remote id \(found)",
        "the SA to \(peer.eip) is with \(found) instead of \(peer.privateIP)")
    }
    guard match.proposal.hasPrefix(Self.proposal) else {
      return .fail(
        .ipsec, title, seen: "up, \(match.proposal)",
        "the SA to \(peer.eip) uses \(match.proposal) instead of \(Self.proposal)")
    }
    return .ok(.ipsec, title, seen: "up, \(match.remoteAddress) \(match.remoteID) \(match.proposal)")
  }

  private func check(_ peer: Peer, _ rows: [IPsecConnection]) -> Check {
    let title = "connection to \(peer.link.peer.name)"
    let toPeer = rows.filter { $0.remoteAddress == peer.eip.description }
    for isTunnel in [false, true] {
      let kind = isTunnel ? "IPsec" : "IKE"
      guard let row = toPeer.first(where: { $0.isTunnel == isTunnel && $0.isUp }) else {
        guard toPeer.contains(where: { $0.isTunnel == isTunnel }) else {
          return .fail(.ipsec, title, seen: "nothing", "no \(kind) connection to \(peer.eip) is configured")
        }
        return .fail(
          .ipsec, title, seen: "\(kind) down", "the \(kind) connection to \(peer.eip) is down",
          mayComeUp: true)
      }
      guard row.localID == privateIP.description, row.remoteID == peer.privateIP.description else {
        return .fail(
          .ipsec, title, seen: "up, ids \(row.localID) \(row.remoteID)",
          "the \(kind) connection to \(peer.eip) is between \(row.localID) and \(row.remoteID) instead of "
            + "\(privateIP) and \(peer.privateIP)")
      }
      let wanted = isTunnel ? Self.tunnelProposals : Self.ikeProposals
      guard wanted.contains(row.proposal) else {
        return .fail(
          .ipsec, title, seen: "up, \(row.proposal)",
          "the \(kind) connection to \(peer.eip) uses \(row.proposal) instead of \(wanted[0])")
      }
    }
    return .ok(.ipsec, title, seen: "up")
  }

  private static let ikeProposals = ["AES_CBC/256/HMAC_SHA2_256_128/MODP_2048"]
  /// The first SA takes its key from IKE; rekeying adds the PFS group.
  private static let tunnelProposals = [
    "AES_CBC/256/HMAC_SHA2_256_128/None", "AES_CBC/256/HMAC_SHA2_256_128/MODP_2048",
  ]
}
