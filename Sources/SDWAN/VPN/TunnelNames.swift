/// What strongSwan calls a router's tunnels, as VyOS names them (vpn-config.pl of 1.3, swanctl/peer.j2 since).
extension VPNConfiguration {
  /// The script that asks for those without an SA.
  func wakeScript(for version: VyOSVersion) -> String {
    """
    #!/bin/vbash
    begins=\(ShellScript.quoted(names(version) { $0.link.initiates }))
    answers=\(ShellScript.quoted(names(version) { !$0.link.initiates }))
    \(Template.routerWake.text)
    """
  }

  /// Connection and child of each, separated by a slash.
  private func names(_ version: VyOSVersion, where isWanted: (Peer) -> Bool) -> String {
    peers.filter(isWanted).map { peer in
      guard version.namesPeers else {
        let name = "peer-\(peer.eip)-tunnel-vti"
        return "\(name)/\(name)"
      }
      let name = peer.link.peer.name
      return "\(name)/\(name)-vti"
    }.joined(separator: " ")
  }
}
