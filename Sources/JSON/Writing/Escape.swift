/// A text as it stands between quotes in JSON: quotes, backslashes and control characters escaped, the rest as it is.
enum Escape {
  /// Bytes that one byte becomes at most.
  static let longest = 6

  /// - Parameter room: ``longest`` times as large as the text, or larger.
  /// - Returns: how many bytes were written.
  static func write(_ text: UnsafeBufferPointer<UInt8>, to room: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var (at, count) = (0, 0)
    func put(_ byte: UInt8) {
      room[count] = byte
      count += 1
    }
    while at < text.count {
      let end = PlainText.end(in: text, from: at).at
      UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[count...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[at..<end]))
      count += end - at
      guard end < text.count else { break }
      put(UInt8(ascii: "\\"))
      switch text[end] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(text[end])
      case 0x08: put(UInt8(ascii: "b"))
      case 0x09: put(UInt8(ascii: "t"))
      case 0x0A: put(UInt8(ascii: "n"))
      case 0x0C: put(UInt8(ascii: "f"))
      case 0x0D: put(UInt8(ascii: "r"))
      case let control:
        for byte in "u00".utf8 { put(byte) }
        for digit in [control >> 4, control & 15] {
          put(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
        }
      }
      at = end + 1
    }
    return count
  }
}
