import Groundwork
import SSMKit

/// The last lines of the IPsec log, each with the peer that it is about as far as that can be told.
///
/// charon writes `12[IKE] <NAME|3> text`, charon-systemd the bare text into the journal. A line that names nobody
/// belongs to the peer that the same thread spoke of before.
struct CharonLog {
  struct Entry: Equatable {
    var clue: Clue
    var line: String
  }

  private var entries: [String: [Entry]] = [:]

  /// - Parameters:
  ///   - text: what the router printed.
  ///   - peers: those of the router.
  init(_ text: String, peers: [Peer]) {
    let names = peers.map { Self.marks(of: $0, among: peers) }
    var current: [Substring: String] = [:]
    for line in text.plainLines {
      let thread = Self.thread(of: line)
      if let named = names.first(where: { $0.appear(in: line) })?.peer {
        current[thread] = named
      } else if line.contains("packet: from ") {
        // Somebody else's conversation.
        current[thread] = ""
      }
      let peer = current[thread] ?? (peers.count == 1 ? peers[0].link.peer.name : "")
      guard let clue = Clue(line), !peer.isEmpty else { continue }
      entries[peer, default: []].removeAll { clue.ends($0.clue) }
      entries[peer, default: []].append(Entry(clue: clue, line: Self.shown(line)))
    }
  }

  /// What is said of a peer and is not over, the oldest first.
  func entries(of peer: Peer) -> [Entry] { entries[peer.link.peer.name] ?? [] }

  private struct Marks {
    var peer: String
    var addresses: [String]
    var tags: [String]

    func appear(in line: String) -> Bool {
      tags.contains { line.contains($0) } || addresses.contains { Self.has(line, $0) }
    }

    /// Whether an address stands in a line by itself, and not as a part of a longer one. `A...B` are two.
    private static func has(_ line: String, _ address: String) -> Bool {
      line.ranges(of: address).contains { range in
        !goesOn(line[..<range.lowerBound].reversed()) && !goesOn(line[range.upperBound...])
      }
    }

    /// Whether a digit follows, or a dot and a digit.
    private static func goesOn(_ rest: some Sequence<Character>) -> Bool {
      let next = Array(rest.prefix(2))
      return next.first?.isNumber == true || next.first == "." && next.last?.isNumber == true
    }
  }

  /// Two hosts in different networks may have one private address: then it names nobody.
  private static func marks(of peer: Peer, among peers: [Peer]) -> Marks {
    let isUnique = peers.count { $0.privateIP == peer.privateIP } == 1
    let addresses = [peer.eip] + (isUnique ? [peer.privateIP] : [])
    let name = peer.link.peer.name
    return Marks(
      peer: name, addresses: addresses.map(\.description), tags: ["<\(name)|", "'\(name)'", " \(name)["])
  }

  /// `12` of `12[IKE]`; empty where no thread is named.
  private static func thread(of line: String) -> Substring {
    for group in ["[IKE]", "[NET]", "[ENC]", "[CFG]", "[KNL]", "[CHD]", "[JOB]", "[MGR]", "[DMN]"] {
      guard let range = line.firstRange(of: group) else { continue }
      let digits = line[..<range.lowerBound].reversed().prefix { $0.isNumber }.count
      return line[line.index(range.lowerBound, offsetBy: -digits)..<range.lowerBound]
    }
    return ""
  }

  /// Without the date, the host and the program before it.
  private static func shown(_ line: String) -> String {
    guard let program = line.firstRange(of: "charon"),
      let end = line[program.upperBound...].firstRange(of: ": ")
    else { return line }
    return String(line[end.upperBound...])
  }
}
