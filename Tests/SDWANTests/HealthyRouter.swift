import AWSClient
import Foundation

@testable import SDWAN

extension RouterOutput {
  /// What a healthy router of any network prints: the captured texts with a row for each peer and the
  /// addresses and numbers that are expected of it. Every row is there once.
  static func healthy(_ expected: SDWAN.Expectation) throws -> RouterOutput {
    let captured = try RouterOutput.captured(expected.version)
    var answers: [Answer] = []
    for answer in captured.answers where !answer.name.contains("ping-") {
      let captured = answer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let lines = TableLayout.taken(captured).map { line in
        marks.reduce(line) { $0.replacingOccurrences(of: $1.captured, with: $1.mark) }
      }
      let own = values(of: expected)
      let filled = repeatedRows(lines, for: expected.peers).map { fill($0, own) }
      let text = TableLayout.laidOut(filled).joined(separator: "\n")
      answers.append(Answer(name: answer.name, text: text))
    }
    for target in expected.pingTargets.sorted() {
      answers.append(Answer(name: "ping-\(target)", text: try Fixture.ping(target)))
    }
    for target in expected.fullSizePingTargets.sorted() {
      answers.append(Answer(name: "full-size-ping-\(target)", text: try Fixture.fullSizePing(target)))
    }
    return RouterOutput(answers: answers)
  }

  /// What is particular to the captured router and, in braces with `peer`, to its only peer.
  private static let marks: [(captured: String, mark: String)] = [
    ("169.254.100.1/30", "{peer own vti address}"), ("169.254.100.2", "{peer vti address}"),
    ("vti0", "{peer vti}"),
    ("203.0.113.2", "{peer eip}"), ("10.20.1.10", "{peer private}"), ("65002", "{peer asn}"),
    ("10.255.1.1", "{peer loopback}"), ("PEER", "{peer name}"), ("10.255.0.1", "{loopback}"),
    ("number 65001", "number {asn}"), ("10.10.1.10", "{private}"), ("neighbors 1", "neighbors {count}"),
  ]

  private static func values(of expected: SDWAN.Expectation) -> [String: String] {
    [
      "{loopback}": "\(expected.router.loopback)", "{asn}": "\(expected.router.asn)",
      "{private}": "\(expected.privateIP)", "{count}": "\(expected.peers.count)",
    ]
  }

  private static func values(of peer: Peer) -> [String: String] {
    [
      "{peer own vti address}": "\(peer.link.own.address)",
      "{peer vti address}": "\(peer.link.far.address.address)", "{peer vti}": peer.link.own.vti,
      "{peer eip}": "\(peer.eip)", "{peer private}": "\(peer.privateIP)",
      "{peer asn}": "\(peer.link.peer.asn)",
      "{peer loopback}": "\(peer.link.peer.loopback)", "{peer name}": peer.link.peer.name,
    ]
  }

  private static func fill(_ line: String, _ values: [String: String]) -> String {
    line.contains("{") ? values.reduce(line) { $0.replacingOccurrences(of: $1.key, with: $1.value) } : line
  }

  /// The rows of the only peer, of two equal ones the first, for each peer instead.
  private static func repeatedRows(_ lines: [String], for peers: [Peer]) -> [String] {
    guard let first = lines.firstIndex(where: { $0.contains("{peer ") }) else { return lines }
    // A tunnel's second traffic selector belongs to its row.
    let block = lines[first...].prefix { $0.contains("{peer ") || $0.contains("::/0") }
    var single: [String] = []
    for row in block where !single.contains(where: { $0.prefix(20) == row.prefix(20) }) { single.append(row) }
    let rows = peers.flatMap { peer in single.map { fill($0, values(of: peer)) } }
    return lines[..<first] + rows + lines[(first + block.count)...]
  }
}
