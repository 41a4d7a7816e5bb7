import Groundwork
import SSMKit

/// The IPv4 unicast part of `show ip bgp summary`, as FRR 7.5 (VyOS 1.3) and later print it.
struct BGPSummary: Equatable {
  struct Neighbor: Equatable {
    var asn: UInt32
    var session: Session
    /// What stands in the column of sent prefixes; nil where there is no such column.
    var sent: String?
  }

  /// What stands in the column `State/PfxRcd`.
  enum Session: Equatable {
    /// Established, with this many prefixes received.
    case established(Int)
    /// Established, but no policy lets prefixes in or out (RFC 8212).
    case withoutPolicy
    /// Established, but not for IPv4 unicast.
    case notNegotiated
    /// Another state, like `Active` or `Idle (Admin)`.
    case down(String)
  }

  var routerID: String
  var localAS: UInt32
  private var header: [String]
  /// A row's words, by the first of them.
  private var rows: [String: [String]]

  private static let columns = [
    "Neighbor", "V", "AS", "MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ", "Up/Down", "State/PfxRcd",
  ]

  /// - Throws: ``Unreadable`` for anything but a whole summary of IPv4 unicast.
  init(_ text: String) throws(Unreadable) {
    if text.contains("BGP instance not found") {
      throw Unreadable("BGP is not configured", raw: text, isFinal: true, cause: .notConfigured)
    }
    let lines = Self.unicast(text.plainLines)
    guard let identity = lines.compactMap(Self.identity).first else {
      if text.contains("not running") {
        throw Unreadable("the BGP daemon is not running", raw: text, cause: .serviceDown)
      }
      throw Unreadable("show ip bgp summary names no router identifier", raw: text)
    }
    (routerID, localAS) = identity
    guard let head = lines.firstIndex(where: { $0.hasPrefix("Neighbor ") }) else {
      throw Unreadable("show ip bgp summary printed no table of neighbors", raw: text)
    }
    header = lines[head].words.map(String.init)
    guard Self.isInOrder(Self.columns + (header.contains("PfxSnt") ? ["PfxSnt"] : []), in: header) else {
      throw Unreadable("the table of show ip bgp summary lacks columns", raw: lines[head])
    }
    guard let end = lines.lastIndex(where: { $0.hasPrefix("Total number of neighbors") }), end > head else {
      throw Unreadable("show ip bgp summary ends without the number of neighbors", raw: text)
    }
    rows = [:]
    var name: String?
    for line in lines[(head + 1)..<end] {
      let words = line.words.map(String.init)
      // A long name stands in a line by itself, the rest in the next.
      if line.hasPrefix(" "), let first = name {
        rows[first] = [first] + words
        name = nil
      } else if words.count == 1 {
        name = words[0]
      } else {
        rows[words[0]] = words
        name = nil
      }
    }
  }

  /// The neighbor with this address; nil where there is none.
  /// - Throws: ``Unreadable`` when its row can't be read.
  func neighbor(_ address: IPv4Address) throws(Unreadable) -> Neighbor? {
    // With the neighbor's host name before it, where BGP is configured to show that.
    let name = address.description
    let withHost = "(\(name))"
    guard let words = rows[name] ?? rows.first(where: { $0.key.hasSuffix(withHost) })?.value else {
      return nil
    }
    var cells = words
    // `Idle (Admin)`, `Idle (PfxCt)`: one state in two words.
    if let state = place("State/PfxRcd"), state + 1 < cells.count, cells[state].first?.isLetter == true,
      cells[state + 1].hasPrefix("(")
    {
      cells[state] += " " + cells.remove(at: state + 1)
    }
    let row = cells
    func cell(_ name: String) -> String { place(name).flatMap { $0 < row.count ? row[$0] : nil } ?? "" }
    guard cell("V") == "4", let asn = UInt32(cell("AS")), Self.isUptime(cell("Up/Down")),
      ["MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ"].allSatisfy({ UInt64(cell($0)) != nil }),
      let session = Self.session(cell("State/PfxRcd")),
      session.isDown || cell("Up/Down") != "never"
    else {
      throw Unreadable(
        "the row of neighbor \(address) in show ip bgp summary can't be read",
        raw: words.joined(separator: " "))
    }
    return Neighbor(asn: asn, session: session, sent: place("PfxSnt").map { _ in cell("PfxSnt") })
  }

  private func place(_ column: String) -> Int? { header.firstIndex(of: column) }

  /// The lines of the first table, which is IPv4 unicast's: the tables of other families follow it.
  private static func unicast(_ lines: [String]) -> [String] {
    let titles = lines.indices.filter { isTitle(lines[$0]) }
    guard let own = titles.first(where: { lines[$0].hasPrefix("IPv4 Unicast Summary") }) else {
      return titles.isEmpty ? lines : []
    }
    let next = titles.first { $0 > own } ?? lines.count
    return Array(lines[own..<next])
  }

  /// `IPv4 Unicast Summary:`, `IPv4 VPN Summary (VRF default):`; a neighbor's description may hold the word too.
  private static func isTitle(_ line: String) -> Bool {
    ["IPv4 ", "IPv6 ", "L2VPN "].contains { line.hasPrefix($0) } && line.contains(" Summary")
      && line.hasSuffix(":")
  }

  private static func session(_ text: String) -> Session? {
    if let prefixes = Int(text) { return prefixes >= 0 ? .established(prefixes) : nil }
    if text == "(Policy)" { return .withoutPolicy }
    if text == "NoNeg" { return .notNegotiated }
    return text.first?.isLetter == true ? .down(text) : nil
  }

  private static func isInOrder(_ wanted: [String], in words: [String]) -> Bool {
    var rest = words[...]
    return wanted.allSatisfy { name in
      guard let place = rest.firstIndex(of: name) else { return false }
      rest = rest[(place + 1)...]
      return true
    }
  }

  /// `BGP router identifier 10.255.0.1, local AS number 65001 vrf-id 0`.
  private static func identity(_ line: String) -> (String, UInt32)? {
    let words = line.words.map(String.init)
    guard words.count >= 8, words.starts(with: ["BGP", "router", "identifier"]),
      words[4...6] == ["local", "AS", "number"],
      words[3].hasSuffix(","), let asn = UInt32(words[7])
    else { return nil }
    return (String(words[3].dropLast()), asn)
  }

  /// `never`, `00:00:15`, `1d02h03m`, `05w2d01h`.
  private static func isUptime(_ text: String) -> Bool {
    if text == "never" { return true }
    let shape = String(text.map { $0.isNumber ? "0" : $0 }).filter { $0 != "0" }
    return ["::", "dhm", "wdh", "ywd"].contains(shape)
  }
}

extension BGPSummary.Session {
  var isDown: Bool { if case .down = self { true } else { false } }
}
