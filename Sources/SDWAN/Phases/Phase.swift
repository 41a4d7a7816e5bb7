/// The three steps in which the network is built and verified.
package enum Phase: String, Sendable, Encodable, CaseIterable {
  /// Base setup: packages, LXD, the router's container.
  case phase1
  /// VPN and BGP.
  case phase2
  /// Verification.
  case phase3

  /// Seconds that a script may run where `SSM_TIMEOUT` says nothing.
  var standardTimeout: Int { self == .phase1 ? 600 : 300 }
}

/// Why a phase as a whole failed.
package struct PhaseError: Error, Sendable, Equatable {
  /// The stable public name.
  package var type: String
  /// What failed, with which input, and what to do next.
  package var message: String

  static func event(_ message: String) -> PhaseError { PhaseError(type: "Event.Invalid", message: message) }
}
