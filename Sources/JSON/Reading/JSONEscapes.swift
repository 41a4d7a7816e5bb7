/// What stands behind a backslash.
enum JSONEscapes {
  typealias Flaw = JSONDocument.Flaw

  /// Bytes of the escape that begins there.
  /// - Throws: ``JSONDocument/Flaw`` for what is none.
  static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) throws(Flaw) -> Int {
    guard at + 1 < bytes.count else { throw Flaw(words: "a text does not end", place: at) }
    if plain(bytes[at + 1]) != nil { return 2 }
    guard bytes[at + 1] == UInt8(ascii: "u"), unit(bytes, at) != nil else {
      throw Flaw(words: "this is no escape", place: at)
    }
    return 6
  }

  /// A text whose escapes are known to be whole.
  /// - Throws: ``JSONDocument/Flaw`` for half a surrogate pair that is not to be repaired.
  static func resolved(_ bytes: ArraySlice<UInt8>, repairing: Bool) throws(Flaw) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var at = bytes.startIndex
    while at < bytes.endIndex {
      guard bytes[at] == UInt8(ascii: "\\") else {
        text.append(bytes[at])
        at += 1
        continue
      }
      if let byte = plain(bytes[at + 1]) {
        text.append(byte)
        at += 2
        continue
      }
      let high = unit(bytes, at) ?? 0
      at += 6
      if UTF16.isLeadSurrogate(high), let low = unit(bytes, at), UTF16.isTrailSurrogate(low) {
        text += String(decoding: [high, low], as: UTF16.self).utf8
        at += 6
      } else if let scalar = Unicode.Scalar(high) {
        text += String(scalar).utf8
      } else if repairing {
        text += "\u{FFFD}".utf8
      } else {
        throw Flaw(words: "a text holds half a surrogate pair, which is no character", place: at - 6)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func plain(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The UTF-16 unit that is escaped there as `\uXXXX`.
  private static func unit<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, _ at: Int
  ) -> UInt16? where Bytes.Index == Int {
    guard at + 6 <= bytes.endIndex, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
      return nil
    }
    var unit: UInt16 = 0
    for byte in bytes[at + 2..<at + 6] {
      guard let digit = hexDigit(byte) else { return nil }
      unit = unit << 4 | digit
    }
    return unit
  }

  private static func hexDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
