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
      bytes.append(UInt8(ascii: "\""))
      if PlainText.end(in: utf8, from: 0).at == utf8.count {
        bytes.append(contentsOf: utf8)
      } else {
        appendEscaped(utf8)
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// So many bytes are escaped at once, beside the text, as one that grows byte by byte looks for room at each.
  private static let part = 4096

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    // A line break for every sixteen bytes is more than a script has. Never less than twice the room, as appending does it.
    let wanted = bytes.count + text.count + text.count / 16 + 2
    if wanted > bytes.capacity { bytes.reserveCapacity(max(wanted, 2 * bytes.capacity)) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.part * Escape.longest) { room in
      for begin in stride(from: 0, to: text.count, by: Self.part) {
        let part = UnsafeBufferPointer(rebasing: text[begin..<min(begin + Self.part, text.count)])
        let count = Escape.write(part, to: room)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<count]))
      }
    }
  }
}
