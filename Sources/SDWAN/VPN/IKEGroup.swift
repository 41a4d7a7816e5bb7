/// How an end of a tunnel keeps its IKE SA: the same proposals for both, but only one of the two brings it up.
///
/// Two ends that both do make two IKE SAs, and one more at every outage that both notice: in 1.4 and 1.5 VyOS leaves
/// strongSwan's `unique` at `no`, which clears no older one away.
enum IKEGroup: String, CaseIterable {
  /// Begins, goes on trying, and begins again when the peer is dead or has closed.
  case initiator = "SDWAN-IKE"
  /// Waits, and forgets a peer that is dead or has closed.
  case responder = "SDWAN-IKE-ANSWER"

  init(initiates: Bool) { self = initiates ? .initiator : .responder }

  /// What `connection-type` says it with. VyOS's templates make of the words (vpn-config.pl of 1.3, swanctl/peer.j2 since):
  /// `initiate` start, for ever; `respond` a trap, which begins on traffic after all; `none` nothing. 1.3 has no `none`.
  /// There a VTI without an SA is down, so that no traffic gets to the trap, and the trap tries once.
  func connectionType(_ version: VyOSVersion) -> String {
    switch self {
    case .initiator: "initiate"
    case .responder: version.namesPeers ? "none" : "respond"
    }
  }

  func lines(_ version: VyOSVersion) -> [ConfigurationLine] {
    let group = "vpn ipsec ike-group \(rawValue)"
    return [
      ConfigurationLine("\(group) key-exchange ikev2").owning(group, alone: true),
      ConfigurationLine("\(group) lifetime 28800"),
      ConfigurationLine("\(group) proposal 1 dh-group 14"),
      ConfigurationLine("\(group) proposal 1 encryption aes256"),
      ConfigurationLine("\(group) proposal 1 hash sha256"),
      ConfigurationLine("\(group) close-action", closeAction(version)),
      ConfigurationLine("\(group) dead-peer-detection action", self == .initiator ? "restart" : "clear"),
      ConfigurationLine("\(group) dead-peer-detection interval 15"),
      ConfigurationLine("\(group) dead-peer-detection timeout 60"),
    ]
  }

  /// A peer that restarts in good order closes what it has; who only answers never comes back by itself.
  private func closeAction(_ version: VyOSVersion) -> String {
    switch self {
    case .initiator: version.namesPeers ? "start" : "restart"
    case .responder: "none"
    }
  }
}
