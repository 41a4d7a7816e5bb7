import Groundwork

extension Expectation {
  /// Why a tunnel has no SA, by the IKE SAs and the log; as far as the router was asked for them.
  func whyNoAssociation(_ peer: Peer, _ seen: Observation) -> Finding {
    let ike = seen.why.flatMap { try? $0.ike.get() }?.isUp(to: peer.eip)
    let told = seen.why.flatMap { try? $0.log.get() }.flatMap { telling($0.entries(of: peer)) }
    let standing = standing(peer, seen, ike)
    if let told, Self.strength(told.clue) > standing?.strength ?? 0 { return finding(told, ike) }
    return standing ?? Finding(.peerUnreachable, .possible, evidence: unseen(seen, peer), strength: 0)
  }

  /// What shows that IKE itself is up.
  private func standing(_ peer: Peer, _ seen: Observation, _ ike: Bool?) -> Finding? {
    let address = peer.eip.description
    if let rows = try? seen.associations.get(),
      let other = rows.first(where: { $0.isUp && $0.remoteAddress == address })
    {
      return Finding(
        .noChild, .likely, evidence: ["show vpn ipsec sa: \(other.connection) to \(address) is up"],
        strength: 4)
    }
    if ike == true {
      return Finding(
        .noChild, .likely, evidence: ["show vpn ike sa: the IKE SA to \(peer.eip) is up"], strength: 4)
    }
    return nil
  }

  /// What is known where the log says nothing.
  private func unseen(_ seen: Observation, _ peer: Peer) -> [String] {
    guard let why = seen.why else { return [] }
    switch (why.ike, why.log) {
    case (.success, .success):
      return ["show vpn ike sa: no IKE SA to \(peer.eip) is up; the log says nothing"]
    case (.failure(let error), _), (_, .failure(let error)): return ["not known: \(error.sentence)"]
    }
  }

  /// The clue that says most, of the last of its kind.
  private func telling(_ entries: [CharonLog.Entry]) -> CharonLog.Entry? {
    entries.reversed().max { Self.strength($0.clue) < Self.strength($1.clue) }
  }

  /// Two ends may log different things about one failure: the one that refuses knows best why.
  private static func strength(_ clue: Clue) -> Int {
    switch clue {
    case .stranger: 10
    case .wrongKey: 9
    case .wrongIdentity: 8
    case .proposals: 7
    case .child: 6
    case .refused: 5
    case .unsent, .closed: 3
    case .silence: 2
    case .answer, .established, .installed: 1
    }
  }

  private func finding(_ told: CharonLog.Entry, _ ike: Bool?) -> Finding {
    let strength = Self.strength(told.clue)
    let evidence = ["log: \(told.line)"]
    switch told.clue {
    case .stranger: return Finding(.notConfigured, .likely, evidence: evidence, strength: strength)
    case .wrongKey: return Finding(.keyMismatch, .certain, evidence: evidence, strength: strength)
    case .wrongIdentity: return Finding(.identityMismatch, .certain, evidence: evidence, strength: strength)
    case .proposals: return Finding(.proposalMismatch, .likely, evidence: evidence, strength: strength)
    case .child:
      return Finding(.noChild, ike == true ? .certain : .likely, evidence: evidence, strength: strength)
    // A wrong key and a wrong id are refused with the same word.
    case .refused: return Finding(.keyMismatch, .likely, evidence: evidence, strength: strength)
    case .unsent:
      let isForbidden = told.line.contains("not permitted")
      return Finding(
        isForbidden ? .notPermitted : .peerUnreachable, .likely, evidence: evidence, strength: strength)
    case .silence: return Finding(.peerUnreachable, .likely, evidence: evidence, strength: strength)
    case .closed: return Finding(.noChild, .likely, evidence: evidence, strength: strength)
    // Who speaks is not away.
    case .answer, .established, .installed:
      return Finding(.noChild, .possible, evidence: evidence, strength: strength)
    }
  }
}
