import AWSClient
import Groundwork
import JSON
import SSMKit

extension Topology {
  /// Reads a topology from JSON:
  /// `{"routers": {NAME: {"region", "role", "loopback", "asn"}}, "tunnels": [{"name", "ends": [{"router",
  /// "vti", "address"}, …]}]}`. `region` may be left out where the name tells it, `asn` where the role does.
  /// At most ``maximumValues`` values.
  /// - Throws: ``TopologyError`` that names the offending entry.
  public init(json: [UInt8]) throws(TopologyError) {
    let document: Document
    do throws(JSONFlaw) {
      var reader = StrictJSON(json, maximumValues: Self.maximumValues)
      try reader.check()
    } catch {
      throw TopologyError("the JSON is not a topology's: \(error)")
    }
    do {
      document = try JSONReader().read(from: json)
    } catch let error as DecodingError {
      throw TopologyError("the JSON is not a topology's: \(error.summary)")
    } catch {
      throw TopologyError("the text is no JSON")
    }
    var routers: [Router] = []
    for (name, entry) in document.routers.sorted(by: { $0.key < $1.key }) {
      routers.append(try entry.router(named: name))
    }
    var tunnels: [Tunnel] = []
    for entry in document.tunnels { tunnels.append(try entry.tunnel()) }
    try self.init(routers: routers, tunnels: tunnels)
  }

  /// Names and values in a topology's JSON: 40,000 routers with a tunnel each have less than 1,200,000.
  static let maximumValues = 1_500_000
  /// Bytes of a topology's JSON.
  static let maximumSize = 16 << 20

  private struct Document: Decodable {
    var routers: [String: RouterEntry]
    var tunnels: [TunnelEntry]
  }

  private struct RouterEntry: Decodable {
    var region: String?
    var role: String
    var loopback: String
    var asn: Int?

    func router(named name: String) throws(TopologyError) -> Router {
      let here = "router \"\(name.shown(bytes: 80))\""
      guard let region = region.map({ Region($0) }) ?? Region.ofInstance(named: name) else {
        throw TopologyError(
          "\(here): \(region.map { "\"\($0.shown(bytes: 80))\" is no region" } ?? "region is missing")")
      }
      guard let role = Router.Role(rawValue: role) else {
        throw TopologyError("\(here): role \"\(role.shown(bytes: 80))\" is neither sdwan nor branch")
      }
      guard let loopback = IPv4Interface(loopback), loopback.prefixLength == 32 else {
        throw TopologyError("\(here): loopback \"\(loopback.shown(bytes: 80))\" is no IPv4 address with /32")
      }
      let number = asn.map { UInt32(exactly: $0) }
      if let asn, number == .some(nil) { throw TopologyError("\(here): \(asn) is no AS number") }
      return Router(name: name, region: region, role: role, loopback: loopback.address, asn: number ?? nil)
    }
  }

  private struct TunnelEntry: Decodable {
    struct EndEntry: Decodable {
      var router: String
      var vti: String
      var address: String
    }

    var name: String
    var ends: [EndEntry]

    func tunnel() throws(TopologyError) -> Tunnel {
      guard ends.count == 2 else {
        throw TopologyError("tunnel \"\(name.shown(bytes: 80))\" has \(ends.count) ends instead of 2")
      }
      return Tunnel(name: name, try end(ends[0]), try end(ends[1]))
    }

    private func end(_ entry: EndEntry) throws(TopologyError) -> Tunnel.End {
      guard let address = IPv4Interface(entry.address) else {
        throw TopologyError(
          "tunnel \"\(name.shown(bytes: 80))\": \"\(entry.address.shown(bytes: 80))\" is no IPv4 address with a prefix length"
        )
      }
      return Tunnel.End(router: entry.router, vti: entry.vti, address: address)
    }
  }
}
