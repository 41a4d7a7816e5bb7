/// What a check that is not healthy says about the cause.
struct Finding: Sendable, Equatable {
  var cause: Cause
  var confidence: Confidence = .certain
  /// What else was seen: lines of the router's log, states.
  var evidence: [String] = []
  /// Among findings about one thing from both its ends the greater one says more.
  var strength = 0

  init(_ cause: Cause, _ confidence: Confidence = .certain, evidence: [String] = [], strength: Int = 0) {
    self.cause = cause
    self.confidence = confidence
    self.evidence = evidence
    self.strength = strength
  }

  /// Whether it is a fact about this very router, whatever else is wrong, and not a symptom that something at either
  /// end may have.
  var isOwn: Bool {
    switch cause {
    case .noAnswer, .routerDown, .interface, .serviceDown, .notPermitted, .twoIKESAs, .staleVTI, .wrongAS,
      .policy,
      .nothingAnnounced, .notConfigured, .foreignConfiguration:
      true
    case .keyMismatch, .identityMismatch, .proposalMismatch, .noChild, .peerUnreachable, .sessionDown,
      .nothingReceived, .noRoute, .loss, .mtu, .unreadable:
      false
    }
  }
}

/// On what a check stands: what is wrong in a lower layer makes the layers above fail.
enum Layer: Int, Sendable, Comparable {
  case host, card, tunnel, vti, session, prefixes, route, path

  static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// Whom a failing check makes fail.
enum Reach: Sendable, Equatable {
  /// Nothing else.
  case itself
  /// Everything above it at its own router and at the peers' ends of the tunnels.
  case router
  /// What the peers see of the router.
  case peers
  /// Everything above it in the tunnel to this router.
  case tunnel(String)
}
