/// What is wrong with one router, each failing check either as a root or folded into the one that makes it fail.
struct Symptoms: Sendable {
  struct Root: Sendable {
    var check: Check
    var finding: Finding
    /// Names of the checks that fail because of it.
    var folds: [String] = []

    /// The tunnel that it belongs to, by the peer's name; nil for something of the router itself.
    var peer: String? { check.peer }

    var evidence: [String] { ["\(check.name): \(check.reason ?? check.seen)"] + finding.evidence }
  }

  /// The lowest layer first; what could not be read last.
  private(set) var roots: [Root] = []
  /// The peers to which everything is well, and those to which it is not.
  private(set) var wellPeers: Set<String>
  private(set) var illPeers: Set<String>

  init(_ checks: [Check]) {
    let failing = checks.filter { $0.health != .ok }
    illPeers = Set(failing.compactMap(\.peer))
    wellPeers = Set(checks.compactMap(\.peer)).subtracting(illPeers)
    for check in failing.filter({ !$0.isUnread }).byLayer + failing.filter(\.isUnread).byLayer {
      if let root = roots.firstIndex(where: { $0.check.folds(check) }) {
        roots[root].folds.append(check.name)
      } else {
        roots.append(Root(check: check, finding: check.finding ?? Finding(.unreadable)))
      }
    }
  }
}

extension [Check] {
  /// The lowest layer first, within each the facts before the symptoms, and then in their order.
  fileprivate var byLayer: [Check] {
    let places = enumerated().sorted { one, other in
      (one.element.layer, one.element.isFact ? 0 : 1, one.offset)
        < (other.element.layer, other.element.isFact ? 0 : 1, other.offset)
    }
    return places.map(\.element)
  }
}

extension Check {
  fileprivate var isUnread: Bool { finding?.cause == .unreadable }
  fileprivate var isFact: Bool { finding?.isOwn == true }

  /// The peer whose tunnel it is about.
  var peer: String? { if case .tunnel(let peer) = reach { peer } else { nil } }

  /// Whether another failing check of the same router is only the consequence of this one.
  func folds(_ other: Check) -> Bool {
    guard !isUnread, layer <= other.layer else { return false }
    // What is a fact about the router stays one, unless there is no router.
    switch reach {
    case .itself: return false
    case .router where layer == .host: return true
    case .router: return !other.isFact && (layer < other.layer || other.peer != nil)
    // Without its loopback a router has nothing to announce.
    case .peers: return other.finding?.cause == .nothingAnnounced
    case .tunnel(let peer): return peer == other.peer && !other.isFact
    }
  }
}
