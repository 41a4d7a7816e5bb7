import Groundwork
import SSMKit

/// A row of `show vpn ipsec sa`: the same eight columns in VyOS 1.3, 1.4 and 1.5.
struct SecurityAssociation: Equatable {
  var connection: String
  var state: String
  /// Empty in the first second after a rekey.
  var uptime: String
  var bytes: String
  var packets: String
  var remoteAddress: String
  var remoteID: String
  var proposal: String

  private static let columns = [
    "Connection", "State", "Uptime", "Bytes In/Out", "Packets In/Out", "Remote address", "Remote ID",
    "Proposal",
  ]

  var isUp: Bool { state == "up" }

  /// VyOS 1.3 prints this for a connection that the last of its IKE SAs has no child for, whatever the others have.
  var isNotShown: Bool { state == "down" && remoteAddress == "N/A" && remoteID == "N/A" && proposal == "N/A" }

  /// Whether it is of a VTI, and not of a policy's tunnel to the same peer.
  var isOfVTI: Bool { connection.hasSuffix("-vti") }

  /// - Throws: ``Unreadable`` for anything but that table.
  static func parse(_ text: String) throws(Unreadable) -> [SecurityAssociation] {
    guard let table = TextTable(text, firstColumn: columns[0]) else {
      let lowered = text.lowercased()
      if lowered.contains("ipsec") && lowered.contains("not run") {
        throw Unreadable("the IPsec daemon is not running", raw: text, cause: .serviceDown)
      }
      throw Unreadable("show vpn ipsec sa printed no table of SAs", raw: text)
    }
    let rows = try table.cells(of: columns, command: "show vpn ipsec sa", versions: "1.3, 1.4 and 1.5")
    return rows.map { cells in
      SecurityAssociation(
        connection: cells[0], state: cells[1], uptime: cells[2], bytes: cells[3], packets: cells[4],
        remoteAddress: cells[5], remoteID: cells[6], proposal: cells[7])
    }
  }

  /// Whether VyOS may print it of an SA that is going: strongSwan keeps the old one for some seconds after each rekey,
  /// and says little of it.
  private var isGoing: Bool { state == "down" && !remoteAddress.contains(" ") }

  /// Reads a row of ours strictly.
  /// - Throws: ``Unreadable`` when a cell has no form that VyOS gives it.
  func check() throws(Unreadable) {
    let isReadable =
      isGoing
      || (isUp && IPv4Address(remoteAddress) != nil && isUptime(uptime)
        && [bytes, packets].allSatisfy(isPair) && !proposal.contains(" ") && !remoteID.contains(" "))
    guard isReadable else {
      throw Unreadable(
        "the row of \(connection) in show vpn ipsec sa can't be read",
        raw: [state, uptime, bytes, packets, remoteAddress, remoteID, proposal].joined(separator: " | "))
    }
  }

  /// `41m7s`, `1w2d`, or nothing.
  private func isUptime(_ text: String) -> Bool {
    var digits = 0
    for character in text {
      if character.isASCII, character.isNumber {
        digits += 1
      } else if digits > 0, "ywdhms".contains(character) {
        digits = 0
      } else {
        return false
      }
    }
    return digits == 0
  }

  /// `21K/22K`, `0/27`.
  private func isPair(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { $0.first?.isNumber == true && !$0.contains(" ") }
  }
}
