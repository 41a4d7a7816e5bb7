/// Looks for the end of what stands in a JSON text as it is, eight bytes at once: most of a text is a script or its output.
enum PlainText {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// - Returns: the first byte from a place on that is a quote, a backslash or a control character, or the end; and whether any
  ///   before it is not ASCII.
  static func end(in bytes: UnsafeBufferPointer<UInt8>, from begin: Int) -> (at: Int, isASCII: Bool) {
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return (begin, true) }
    var (at, seen) = (begin, UInt64(0))
    while at + 8 <= bytes.count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      let before = bytesBeforeSpecial(word)
      guard before == 8 else { return (at + before, (seen | word & ~(~0 << (8 * before))) & highs == 0) }
      seen |= word
      at += 8
    }
    while at < bytes.count {
      let byte = bytes[at]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      seen |= UInt64(byte)
      at += 1
    }
    return (at, seen & highs == 0)
  }

  /// How many of a word's bytes, the lowest first, stand before one that is below a blank, a quote or a backslash. A byte's
  /// subtraction borrows from the next one only where the byte itself is special, so the lowest mark is right.
  private static func bytesBeforeSpecial(_ word: UInt64) -> Int {
    let control = word &- ones &* 0x20
    let quote = (word ^ ones &* 0x22) &- ones
    let backslash = (word ^ ones &* 0x5C) &- ones
    return ((control | quote | backslash) & ~word & highs).trailingZeroBitCount / 8
  }
}
