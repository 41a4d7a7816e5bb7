import SSMKit

/// `show ip route bgp`: the routes that BGP brought into the routing table.
struct RouteTable: Equatable {
  struct Route: Equatable {
    var destination: String
    /// Selected by zebra and installed in the kernel.
    var isInUse: Bool
    /// Gateway and device, best first.
    var nextHops: [NextHop]
  }

  struct NextHop: Equatable {
    var gateway: String
    var device: String
  }

  var routes: [Route] = []

  /// - Throws: ``Unreadable`` for a line of another form. No route at all is an empty table.
  init(_ text: String) throws(Unreadable) {
    for line in text.filledLines {
      if line.hasPrefix("B") {
        routes.append(try Self.route(line))
      } else if line.words.first == "*", !routes.isEmpty, let hop = Self.nextHop(line) {
        routes[routes.count - 1].nextHops.append(hop)
      }
    }
  }

  /// `B>* 10.255.1.1/32 [20/0] via 169.254.100.2, vti0, weight 1, 00:00:13`.
  private static func route(_ line: Substring) throws(Unreadable) -> Route {
    let words = line.words.map(String.init)
    guard words.count >= 5, IPv4Interface(words[1]) != nil, words[2].hasPrefix("["), words[2].hasSuffix("]")
    else {
      throw Unreadable("a line of show ip route bgp can't be read", raw: String(line))
    }
    let hop = nextHop(line)
    let isInUse =
      words[0] == "B>*" && hop != nil && !words.contains("inactive") && !words.contains("inactive,")
    return Route(destination: words[1], isInUse: isInUse, nextHops: hop.map { [$0] } ?? [])
  }

  private static func nextHop(_ line: Substring) -> NextHop? {
    let words = line.words.map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
    guard let via = words.firstIndex(of: "via"), via + 2 < words.count else { return nil }
    return NextHop(gateway: words[via + 1], device: words[via + 2])
  }
}
