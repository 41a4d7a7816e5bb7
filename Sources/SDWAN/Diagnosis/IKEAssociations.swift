import Groundwork
import SSMKit

/// `show vpn ike sa`: a block for each IKE SA, of 1.3's perl and of 1.4's Python alike.
struct IKEAssociations: Equatable {
  private struct Block: Equatable {
    /// Addresses and ids of both ends.
    var words: [String]
    var state = ""
  }

  private var blocks: [Block] = []

  /// - Throws: ``Unreadable`` when the daemon does not run, or a block has another form. No text at all is no SA.
  init(_ text: String) throws(Unreadable) {
    let lines = text.plainLines
    if let line = lines.first(where: { $0.lowercased().contains("not running") }) {
      throw Unreadable("the IPsec daemon is not running", raw: line, cause: .serviceDown)
    }
    var expectsState = false
    for (number, line) in lines.enumerated() {
      let words = line.words.map(String.init)
      if line.hasPrefix("Peer ID / IP") {
        // A line of dashes, then the ends.
        guard number + 2 < lines.count, lines[number + 1].hasPrefix("----") else {
          throw Unreadable("show vpn ike sa ends within a block", raw: line)
        }
        blocks.append(Block(words: lines[number + 2].words.map(String.init)))
      } else if words.first == "-----" {
        expectsState = true
      } else if expectsState, !blocks.isEmpty {
        blocks[blocks.count - 1].state = words.first ?? ""
        expectsState = false
      }
    }
    guard blocks.allSatisfy({ ["up", "down", "init"].contains($0.state) }), lines.isEmpty || !blocks.isEmpty
    else {
      throw Unreadable("show vpn ike sa printed no IKE SAs", raw: text)
    }
  }

  /// Whether an IKE SA with this peer is up; nil where there is none at all.
  func isUp(to address: IPv4Address) -> Bool? {
    let own = blocks.filter { $0.words.contains(address.description) }
    return own.isEmpty ? nil : own.contains { $0.state == "up" }
  }
}
