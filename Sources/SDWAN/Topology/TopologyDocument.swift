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
    let document: JSONValue
    do throws(JSONFlaw) {
      var reader = StrictJSON(json, maximumValues: Self.maximumValues)
      try reader.check()
    } catch {
      throw TopologyError("the JSON is not a topology's: \(error)")
    }
    do {
      document = try JSONValue(json)
    } catch {
      throw TopologyError("the text is no JSON")
    }
    var routers: [Router] = []
    let members = try Self.required(document, "routers", "an object", at: "", \.members)
    routers.reserveCapacity(members.count)
    for (name, value) in members { routers.append(try Self.router(value, name)) }
    var tunnels: [Tunnel] = []
    let items = try Self.required(document, "tunnels", "a list", at: "", \.items)
    tunnels.reserveCapacity(items.count)
    for (index, item) in items.enumerated() { tunnels.append(try Self.tunnel(item, "tunnels.\(index).")) }
    try self.init(routers: routers, tunnels: tunnels)
  }

  /// Names and values in a topology's JSON: 40,000 routers with a tunnel each have less than 1,200,000.
  static let maximumValues = 1_500_000
  /// Bytes of a topology's JSON.
  static let maximumSize = 16 << 20

  // MARK: Entries

  private static func router(_ value: JSONValue, _ name: String) throws(TopologyError) -> Router {
    var here: String { "router \"\(name.shown(bytes: 80))\"" }
    var place: String { "routers.\(name.shown(bytes: 80))." }
    let regionName = try optional(value, "region", "a text", at: place, \.text)
    let roleName = try text(value, "role", at: place)
    let address = try text(value, "loopback", at: place)
    let number = try optional(value, "asn", "a whole number", at: place, \.whole)
    guard let region = regionName.map({ Region($0) }) ?? Region.ofInstance(named: name) else {
      throw TopologyError(
        "\(here): \(regionName.map { "\"\($0.shown(bytes: 80))\" is no region" } ?? "region is missing")")
    }
    guard let role = Router.Role(rawValue: roleName) else {
      throw TopologyError("\(here): role \"\(roleName.shown(bytes: 80))\" is neither sdwan nor branch")
    }
    guard let loopback = IPv4Interface(address), loopback.prefixLength == 32 else {
      throw TopologyError("\(here): loopback \"\(address.shown(bytes: 80))\" is no IPv4 address with /32")
    }
    let asn = number.map { UInt32(exactly: $0) }
    if let number, asn == .some(nil) { throw TopologyError("\(here): \(number) is no AS number") }
    return Router(name: name, region: region, role: role, loopback: loopback.address, asn: asn ?? nil)
  }

  private static func tunnel(
    _ value: JSONValue, _ place: @autoclosure () -> String
  ) throws(TopologyError) -> Tunnel {
    let name = try text(value, "name", at: place())
    let ends = try required(value, "ends", "a list", at: place(), \.items)
    guard ends.count == 2 else {
      throw TopologyError("tunnel \"\(name.shown(bytes: 80))\" has \(ends.count) ends instead of 2")
    }
    return Tunnel(
      name: name, try end(ends[0], of: name, at: "\(place())ends.0."),
      try end(ends[1], of: name, at: "\(place())ends.1."))
  }

  private static func end(
    _ value: JSONValue, of tunnel: String, at place: @autoclosure () -> String
  ) throws(TopologyError) -> Tunnel.End {
    let address = try text(value, "address", at: place())
    guard let interface = IPv4Interface(address) else {
      throw TopologyError(
        "tunnel \"\(tunnel.shown(bytes: 80))\": \"\(address.shown(bytes: 80))\" is no IPv4 address with a prefix length"
      )
    }
    return Tunnel.End(
      router: try text(value, "router", at: place()), vti: try text(value, "vti", at: place()),
      address: interface)
  }

  // MARK: Fields

  private static func text(
    _ object: JSONValue, _ name: String, at place: @autoclosure () -> String
  ) throws(TopologyError) -> String {
    try required(object, name, "a text", at: place(), \.text)
  }

  /// - Parameter wanted: what it must be, for people.
  private static func required<Value>(
    _ object: JSONValue, _ name: String, _ wanted: String, at place: @autoclosure () -> String,
    _ read: (JSONValue) -> Value?
  ) throws(TopologyError) -> Value {
    guard let value = try optional(object, name, wanted, at: place(), read) else {
      throw TopologyError("the JSON is not a topology's: \(place())\(name) is missing")
    }
    return value
  }

  private static func optional<Value>(
    _ object: JSONValue, _ name: String, _ wanted: String, at place: @autoclosure () -> String,
    _ read: (JSONValue) -> Value?
  ) throws(TopologyError) -> Value? {
    guard let found = object[name] else { return nil }
    guard let value = read(found) else {
      throw TopologyError("the JSON is not a topology's: \(place())\(name) is not \(wanted)")
    }
    return value
  }
}
