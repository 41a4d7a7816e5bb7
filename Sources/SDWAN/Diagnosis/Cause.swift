/// What can be wrong with a router or one of its tunnels. The raw values stand in results and never change.
public enum Cause: String, Sendable, Codable, CaseIterable {
  // MARK: The host and the router

  /// The host did not do what it was asked: it was not reached, or the script failed there.
  case noAnswer = "no-answer"
  /// The router's container is not running.
  case routerDown = "router-down"
  /// A card or the loopback is missing, switched off, without link or without its address.
  case interface
  /// A daemon of the router does not run.
  case serviceDown = "service-down"
  /// The router may not do what it has to: its own firewall drops what it sends.
  case notPermitted = "not-permitted"

  // MARK: The tunnel

  /// The two ends have different pre-shared keys, or one has none.
  case keyMismatch = "key-mismatch"
  /// An end is not known under the id that it has.
  case identityMismatch = "identity-mismatch"
  /// The two ends have no algorithms in common, or agreed on others than wanted.
  case proposalMismatch = "proposal-mismatch"
  /// The other end speaks, but there is no tunnel: IKE stands without one, or was closed and nobody began anew.
  case noChild = "no-child"
  /// Nothing comes back from the other end.
  case peerUnreachable = "peer-unreachable"
  /// There are several IKE SAs of one name, and VyOS shows, or hooks work on, the wrong one.
  case twoIKESAs = "two-ike-sas"
  /// The VTI is down though its tunnel has an SA.
  case staleVTI = "stale-vti"

  // MARK: BGP

  /// An end has another AS number than it should.
  case wrongAS = "wrong-as"
  /// The tunnel is up, the BGP session in it is not.
  case sessionDown = "session-down"
  /// A policy, its absence (RFC 8212) or a limit keeps prefixes out.
  case policy
  /// The session is up, but this end announces nothing.
  case nothingAnnounced = "nothing-announced"
  /// The session is up, but the other end announces nothing.
  case nothingReceived = "nothing-received"
  /// The way to the peer's loopback is missing, not used, or another one.
  case noRoute = "no-route"

  // MARK: Packets

  /// Some packets are lost on the way.
  case loss
  /// Small packets pass, packets of the tunnel's full size don't.
  case mtu

  // MARK: The configuration, and what can't be known

  /// Something that phase 2 configures is not there, or is different.
  case notConfigured = "not-configured"
  /// Something that nobody wanted stands beside what phase 2 configures.
  case foreignConfiguration = "foreign-configuration"
  /// The router answered something that can't be read.
  case unreadable
}

/// How sure a diagnosis is.
public enum Confidence: String, Sendable, Codable, Comparable {
  /// Another cause would fit as well.
  case possible
  /// Everything that was seen fits.
  case likely
  /// It was seen itself.
  case certain

  private var rank: Int {
    switch self {
    case .possible: 0
    case .likely: 1
    case .certain: 2
    }
  }

  /// The less sure first.
  public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
}
