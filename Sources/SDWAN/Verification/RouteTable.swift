import Groundwork
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

  /// Lines of another form are left out, as no route at all is an empty table.
  /// - Throws: ``Unreadable`` when the router says that the routing daemon is not there.
  init(_ text: String) throws(Unreadable) {
    let lines = text.plainLines
    if let line = lines.first(where: { $0.hasSuffix("is not running") }) {
      throw Unreadable("the routing daemon is not there", raw: line, cause: .serviceDown)
    }
    for line in lines {
      if line.hasPrefix("B") {
        if let route = Self.route(line) { routes.append(route) }
      } else if line.hasPrefix(" "), line.words.first == "*", !routes.isEmpty, let hop = Self.nextHop(line) {
        routes[routes.count - 1].nextHops.append(hop)
      }
    }
  }

  /// `B>* 10.255.1.1/32 [20/0] via 169.254.100.2, vti0, weight 1, 00:00:13`.
  private static func route(_ line: String) -> Route? {
    let words = line.words.map(String.init)
    guard words.count >= 5, IPv4Interface(words[1]) != nil, words[2].hasPrefix("["), words[2].hasSuffix("]")
    else { return nil }
    let hop = nextHop(line)
    let isInUse =
      words[0] == "B>*" && hop != nil && !words.contains("inactive") && !words.contains("inactive,")
    return Route(destination: words[1], isInUse: isInUse, nextHops: hop.map { [$0] } ?? [])
  }

  private static func nextHop(_ line: String) -> NextHop? {
    let words = line.words.map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
    guard let via = words.firstIndex(of: "via"), via + 2 < words.count else { return nil }
    return NextHop(gateway: words[via + 1], device: words[via + 2])
  }
}
