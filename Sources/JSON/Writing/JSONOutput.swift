/// A text that is being made.
struct JSONOutput {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ slot: Slot) {
    switch slot.content {
    // As a value that encodes nothing is written elsewhere too.
    case .nothing: bytes += "{}".utf8
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let text): bytes += text.utf8
    case .text(let text): append(text)
    case .list(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(item)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for member in Self.inOrder(members) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        append(member.name)
        bytes.append(UInt8(ascii: ":"))
        append(member.slot)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func inOrder(_ members: [(name: String, slot: Slot)]) -> [(name: String, slot: Slot)] {
    let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    // Sorting keeps the order of those with one name, of which the last counts.
    return sorted.indices.filter {
      $0 + 1 == sorted.count || !sorted[$0].name.utf8.elementsEqual(sorted[$0 + 1].name.utf8)
    }.map { sorted[$0] }
  }

  private mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      // A line break for every sixteen bytes is more than a script has. Never less than twice the room, as appending does it.
      let wanted = bytes.count + utf8.count + utf8.count / 16 + 2
      if wanted > bytes.capacity { bytes.reserveCapacity(max(wanted, 2 * bytes.capacity)) }
      bytes.append(UInt8(ascii: "\""))
      var at = 0
      while at < utf8.count {
        let end = PlainText.end(in: utf8, from: at).at
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[at..<end]))
        guard end < utf8.count else { break }
        append(escaped: utf8[end])
        at = end + 1
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  private mutating func append(escaped byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      bytes += "u00".utf8
      for digit in [byte >> 4, byte & 15] {
        bytes.append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
      }
    }
  }
}
