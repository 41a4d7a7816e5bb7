import Foundation

@testable import SDWAN

extension RouterOutput {
  /// What a healthy router of any network prints: the captured texts with a row for each peer and the
  /// addresses and numbers that are expected of it. Every row is there once.
  static func healthy(_ expected: SDWAN.Expectation) throws -> RouterOutput {
    let captured = try RouterOutput.captured(expected.version)
    var answers: [Answer] = []
    for answer in captured.answers where !answer.name.hasPrefix("ping-") {
      var lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      replace(&lines, with: own(expected))
      repeatRows(&lines, for: expected.peers)
      answers.append(Answer(name: answer.name, text: lines.joined(separator: "\n")))
    }
    for target in expected.pingTargets.sorted() {
      answers.append(Answer(name: "ping-\(target)", text: try Fixture.ping(target)))
    }
    return RouterOutput(answers: answers)
  }

  private static func own(_ expected: SDWAN.Expectation) -> [(String, String)] {
    [
      ("10.255.0.1", "\(expected.router.loopback)"), ("local AS number 65001", "local AS number \(expected.router.asn)"),
      ("10.10.1.10", "\(expected.privateIP)"),
      ("Total number of neighbors 1", "Total number of neighbors \(expected.peers.count)"),
    ]
  }

  private static func replace(_ lines: inout [String], with pairs: [(String, String)]) {
    for index in lines.indices {
      // All at once, so that what one puts in is not what another looks for.
      for (number, pair) in pairs.enumerated() {
        lines[index] = lines[index].replacingOccurrences(of: pair.0, with: "<\(number)>")
      }
      for (number, pair) in pairs.enumerated() {
        lines[index] = lines[index].replacingOccurrences(of: "<\(number)>", with: pair.1)
      }
    }
  }

  /// The captured row of the only peer becomes one for each peer; two equal rows become one.
  private static func repeatRows(_ lines: inout [String], for peers: [SDWAN.Expectation.Peer]) {
    let marks = ["203.0.113.2", "169.254.100.2", "10.20.1.10", "vti0"]
    let rows = lines.filter { line in marks.contains { line.contains($0) } }
    guard let first = lines.firstIndex(where: { rows.contains($0) }) else { return }
    // A tunnel's second traffic selector belongs to its row.
    let block = lines[first...].prefix { rows.contains($0) || $0.contains("::/0") }
    let last = first + block.count
    var single: [String] = []
    for row in block where !single.contains(where: { $0.prefix(20) == row.prefix(20) }) { single.append(row) }
    let all = peers.flatMap { peer -> [String] in
      var copy = single
      replace(
        &copy,
        with: [
          ("169.254.100.2 ", "\(peer.link.far.address.address) "),
          ("169.254.100.2,", "\(peer.link.far.address.address),"),
          ("169.254.100.1/30", "\(peer.link.own.address)"), ("203.0.113.2", "\(peer.eip)"),
          ("10.20.1.10", "\(peer.privateIP)"), ("65002", "\(peer.link.peer.asn)"), ("vti0", peer.link.own.vti),
          ("10.255.1.1", "\(peer.link.peer.loopback)"), ("PEER", peer.link.peer.name),
        ])
      return copy
    }
    lines.replaceSubrange(first..<last, with: all)
  }
}
