/// What one command of a look at a router asks.
///
/// Run Command keeps 24,000 characters of what a command prints. The answers of a router with few tunnels fit into that,
/// packed, and are asked for by one command; those of a hub are asked for by several, each of which asks some of
/// the questions whole. A host keeps nothing between them.
struct Questions: Sendable, Equatable {
  /// An answer about all tunnels, by its name in the output.
  enum Table: String, Sendable, CaseIterable {
    case associations = "ipsec-sa"
    case connections = "ipsec-connections"
    case bgp = "bgp-summary"
    case interfaces = "interfaces"
    case routes = "ip-route-bgp"
    case ike = "ike-sa"
    case log = "ipsec-log"

    /// Characters that it takes packed where nothing repeats itself: addresses, counters and names of 15 letters that
    /// are drawn by lot, 400 tunnels.
    fileprivate func packed(tunnels: Int) -> Int {
      switch self {
      case .associations: 54 * tunnels
      case .connections: 57 * tunnels
      case .bgp: 40 * tunnels
      case .interfaces: 21 * tunnels
      case .routes: 27 * tunnels
      case .ike: 40 * tunnels
      case .log: 6000
      }
    }
  }

  /// Tunnels up to which one command asks for everything: packed they take at most 400 characters each.
  static let together = 50
  /// Peers that one command pings. Packed that is 146 characters a peer; in time see `phase3.sh`.
  static let pinged = 100
  /// Characters that the tables of one command may take, the log of the diagnosis included.
  private static let room = 23_000

  var tables: [Table] = []
  /// Which peers are pinged, by their places in the expectation.
  var peers: Range<Int> = 0..<0

  /// What the commands of a look ask, in their order: only the last one depends on whether the router is asked why it
  /// has no SA.
  static func parts(tunnels: Int, version: VyOSVersion, asksWhy: Bool) -> [Questions] {
    let state = Table.state.filter { $0 != .connections || version.namesPeers }
    let why = asksWhy ? Table.why : []
    if tunnels <= together { return [Questions(tables: state + why, peers: 0..<tunnels)] }
    let pings = stride(from: 0, to: tunnels, by: pinged).map {
      Questions(peers: $0..<min($0 + pinged, tunnels))
    }
    return packed(state, tunnels) + pings + packed(why, tunnels)
  }

  /// The tables on as few commands as hold them, in their order.
  private static func packed(_ tables: [Table], _ tunnels: Int) -> [Questions] {
    var parts: [Questions] = []
    var left = 0
    for table in tables {
      let size = table.packed(tunnels: tunnels)
      if parts.isEmpty || size > left {
        parts.append(Questions())
        left = room
      }
      parts[parts.count - 1].tables.append(table)
      left -= size
    }
    return parts
  }
}

extension Questions.Table {
  /// What the verdict reads.
  static let state: [Self] = [.associations, .connections, .bgp, .interfaces, .routes]
  /// What the diagnosis reads where an SA is missing.
  static let why: [Self] = [.ike, .log]
}
