extension Cause {
  /// What to do about it.
  public var hint: String {
    switch self {
    case .noAnswer:
      "look at the host in Systems Manager: is it online, and what does the command's output say?"
    case .routerDown:
      "start the container (lxc start router) and find out who stopped it; where it is gone, phase 1 makes it anew"
    case .interface: "give the interface its link and its address back; eth0 has its address from DHCP"
    case .serviceDown: "restart the daemon, and look into the router's log why it ended"
    case .notPermitted: "look at the router's firewall: it has to let its own packets out"
    case .keyMismatch: "run phase 2 for both ends: it gives them the same key"
    case .identityMismatch:
      "compare the outside-private-ip parameters with the hosts, then run phase 2 for both ends"
    case .proposalMismatch: "run phase 2 for both ends: it gives them the same algorithms"
    case .noChild: "reset the tunnel (reset vpn ipsec); where it stays away, run phase 2 for both ends"
    case .peerUnreachable:
      "look whether UDP 500 and 4500 reach the host: its Elastic IP, security group, routes and firewall"
    case .twoIKESAs:
      "reset the tunnel (reset vpn ipsec) once, so that one IKE SA is left; only one end may initiate"
    case .staleVTI:
      "raise the VTI by resetting the tunnel (reset vpn ipsec); where it was switched off, delete that"
    case .wrongAS: "run phase 2 for this router; where it stays, compare the topology's AS numbers"
    case .sessionDown: "look at BGP on both ends (show ip bgp neighbors): who closes the session, and why?"
    case .policy: "look for the route map, filter or limit that phase 2 did not set, and take it away"
    case .nothingAnnounced:
      "look whether the loopback is there and BGP has its network; run phase 2 for this router"
    case .nothingReceived:
      "look at what the other end announces (show ip bgp neighbors ADDRESS advertised-routes)"
    case .noRoute: "look who else gives this route or withholds the next hop (show ip route ADDRESS)"
    case .loss: "look at the line between the hosts, and at their load and limits"
    case .mtu:
      "let ICMP \"fragmentation needed\" in, or lower the VTIs' MTU on both ends; a path of 1,500 bytes is expected"
    case .notConfigured: "run phase 2 for this router"
    case .foreignConfiguration: "take away what nobody wanted, or change the topology"
    case .unreadable: "run the command by hand on the router, and look at what it prints"
    }
  }
}
