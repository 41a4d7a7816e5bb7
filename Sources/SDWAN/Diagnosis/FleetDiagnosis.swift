/// Finds the causes of all that a phase has seen: of the two ends of a tunnel, the one that has it.
///
/// Each router is looked at by itself first (``Symptoms``). What may come from either end is then compared with what
/// the other end shows; where that was not asked, what is known of the one end is said.
struct FleetDiagnosis {
  private let symptoms: [String: Symptoms]
  private let branches: Set<String>

  /// - Parameters:
  ///   - checks: of each router of the phase, the healthy ones too.
  ///   - branches: the routers that are branches: where nothing else decides, the cause is looked for there.
  init(_ checks: [String: [Check]], branches: Set<String>) {
    symptoms = checks.mapValues(Symptoms.init)
    self.branches = branches
  }

  /// The diagnoses of a router, the most basic first; none of a healthy one.
  func diagnoses(of router: String) -> [Diagnosis] {
    let roots = symptoms[router]?.roots ?? []
    var found: [Diagnosis] = []
    for diagnosis in roots.map({ diagnosis($0, of: router) }) {
      if let same = found.firstIndex(where: { $0.cause == diagnosis.cause && $0.at == diagnosis.at }) {
        found[same] = found[same].joined(with: diagnosis)
      } else {
        found.append(diagnosis)
      }
    }
    return found
  }

  private func diagnosis(_ root: Symptoms.Root, of router: String) -> Diagnosis {
    let own = Diagnosis(
      root.finding.cause, root.finding.confidence, evidence: root.evidence, folds: root.folds)
    guard let peer = root.peer, !root.finding.isOwn, let there = symptoms[peer] else { return own }
    if let cause = there.roots.filter({ $0.explains(root, of: router) }).min(by: {
      $0.check.layer < $1.check.layer
    }) {
      return Diagnosis(
        cause.finding.cause, min(cause.finding.confidence, .likely), at: peer,
        evidence: cause.evidence.map { "\(peer): \($0)" } + root.evidence,
        folds: [root.check.name] + root.folds)
    }
    guard root.finding.cause != .unreadable,
      let other = there.roots.first(where: {
        $0.peer == router && !$0.finding.isOwn && $0.finding.cause != .unreadable
      })
    else { return own }
    return shared(root, of: router, with: other, of: peer)
  }

  /// One trouble that both ends of a tunnel see.
  private func shared(
    _ root: Symptoms.Root, of router: String, with other: Symptoms.Root, of peer: String
  ) -> Diagnosis {
    let isOurs = root.saysMore(than: other) || (!other.saysMore(than: root) && router < peer)
    let told = isOurs ? root : other
    let place = place(of: told.finding, router, peer)
    let there = other.evidence.map { "\(peer): \($0)" }
    let isHere = place.router == router
    return Diagnosis(
      told.finding.cause, place.isDecided ? min(told.finding.confidence, .likely) : .possible,
      at: isHere ? nil : peer, evidence: isOurs ? root.evidence + there : there + root.evidence,
      folds: isHere ? root.folds : [root.check.name] + root.folds)
  }

  /// Which of two ends has the trouble that both see: the one all of whose tunnels have some, where the other has
  /// one without, or has no other to compare.
  private func place(of finding: Finding, _ one: String, _ other: String) -> (router: String, isDecided: Bool)
  {
    let (first, second) = one < other ? (one, other) : (other, one)
    let (a, b) = (symptoms[first], symptoms[second])
    let isWhole = (a?.wellPeers.isEmpty ?? true, b?.wellPeers.isEmpty ?? true)
    if isWhole.0 != isWhole.1 { return (isWhole.0 ? first : second, true) }
    let several = ((a?.illPeers.count ?? 0) > 1, (b?.illPeers.count ?? 0) > 1)
    if isWhole.0, several.0 != several.1 { return (several.0 ? first : second, true) }
    if branches.contains(first) != branches.contains(second) {
      return (branches.contains(first) ? first : second, false)
    }
    return (second, false)
  }
}

extension Symptoms.Root {
  /// Whether it is a fact about its router that makes fail what a peer sees of the tunnel between them.
  fileprivate func explains(_ seen: Symptoms.Root, of router: String) -> Bool {
    guard finding.isOwn, check.layer <= seen.check.layer else { return false }
    switch check.reach {
    case .itself: return false
    case .router: return true
    // A loopback that is not there: nobody announces it, nobody answers from it.
    case .peers: return [.nothingReceived, .noRoute, .peerUnreachable].contains(seen.finding.cause)
    case .tunnel(let peer): return peer == router
    }
  }

  /// Whether it says more about a trouble than what the other end says.
  fileprivate func saysMore(than other: Symptoms.Root) -> Bool {
    if check.layer != other.check.layer { return check.layer < other.check.layer }
    if finding.strength != other.finding.strength { return finding.strength > other.finding.strength }
    // A line that loses some packets loses large ones too.
    return finding.cause == .loss && other.finding.cause == .mtu && other.finding.confidence < .certain
  }
}
