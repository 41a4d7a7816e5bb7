extension Expectation {
  /// Why a tunnel has no SA, by the IKE SAs and the log; as far as the router was asked for them.
  func whyNoAssociation(_ peer: Peer, _ seen: Observation) -> Finding {
    let ike = seen.why.flatMap { try? $0.ike.get() }?.isUp(to: peer.eip)
    if let entries = seen.why.flatMap({ try? $0.log.get() })?.entries(of: peer), let clue = telling(entries) {
      return finding(clue, entries, ike)
    }
    let address = peer.eip.description
    if let rows = try? seen.associations.get(),
      let other = rows.first(where: { $0.isUp && $0.remoteAddress == address })
    {
      return Finding(
        .noChild, .likely, evidence: ["show vpn ipsec sa: \(other.connection) to \(address) is up"],
        strength: 3)
    }
    if ike == true {
      return Finding(
        .noChild, .likely, evidence: ["show vpn ike sa: the IKE SA to \(peer.eip) is up"], strength: 3)
    }
    return Finding(.peerUnreachable, .possible, evidence: unseen(seen, peer), strength: 0)
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
    entries.reversed().filter { Self.strength($0.clue) > 0 }
      .max { Self.strength($0.clue) < Self.strength($1.clue) }
  }

  /// Two ends may log different things about one failure: the one that refuses knows best why.
  private static func strength(_ clue: Clue) -> Int {
    switch clue {
    case .stranger: 9
    case .wrongKey: 8
    case .wrongIdentity: 7
    case .proposals: 6
    case .child: 5
    case .refused: 4
    case .unsent: 2
    case .silence: 1
    case .answer, .established, .installed: 0
    }
  }

  private func finding(_ told: CharonLog.Entry, _ entries: [CharonLog.Entry], _ ike: Bool?) -> Finding {
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
    case .answer, .established, .installed:
      return Finding(.noChild, .possible, evidence: evidence, strength: strength)
    }
  }
}
