extension StrictJSON {
  /// A text in quotes; a name is kept unescaped in `names`.
  mutating func text(isName: Bool) throws(JSONFlaw) {
    at += 1
    while true {
      let begin = at
      try skipPlain()
      if isName { names += bytes[begin..<at] }
      switch next {
      case UInt8(ascii: "\""):
        at += 1
        return
      case UInt8(ascii: "\\"): try escape(isName: isName)
      case nil: throw unexpected("the end of a text")
      default: throw JSONFlaw("a text holds a control character at byte \(at)")
      }
    }
  }

  /// Goes to the next quote, backslash or control character, or to the end.
  private mutating func skipPlain() throws(JSONFlaw) {
    let plain = bytes.withUnsafeBufferPointer { PlainText.end(in: $0, from: at) }
    if plain.isASCII { at = plain.at }
    while at < plain.at {
      let length = bytes[at] < 0x80 ? 1 : lengthOfScalar()
      if length == 0 { throw JSONFlaw("it is no UTF-8 at byte \(at)") }
      at += length
    }
  }

  private mutating func escape(isName: Bool) throws(JSONFlaw) {
    at += 1
    let plain: UInt8
    switch next {
    case UInt8(ascii: "u"): return try unicodeEscape(isName: isName)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = bytes[at]
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0C
    case UInt8(ascii: "n"): plain = 0x0A
    case UInt8(ascii: "r"): plain = 0x0D
    case UInt8(ascii: "t"): plain = 0x09
    default: throw unexpected("an escaped character")
    }
    at += 1
    if isName { names.append(plain) }
  }

  /// One or, where it is a surrogate pair, two `\uXXXX`; half a pair is legal JSON and stays half a pair.
  private mutating func unicodeEscape(isName: Bool) throws(JSONFlaw) {
    let first = try unit()
    var scalar = UInt32(first)
    if (0xD800...0xDBFF).contains(first), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    {
      let before = at
      at += 1
      let second = try unit()
      if (0xDC00...0xDFFF).contains(second) {
        scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
      } else {
        at = before
      }
    }
    if isName { appendToNames(scalar) }
  }

  /// The four digits behind a `u`.
  private mutating func unit() throws(JSONFlaw) -> UInt16 {
    at += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("a hexadecimal digit")
      }
      unit = unit << 4 | UInt16(digit)
      at += 1
    }
    return unit
  }

  /// As UTF-8, half a surrogate pair likewise: names only have to be told apart.
  private mutating func appendToNames(_ scalar: UInt32) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
    switch scalar {
    case ..<0x80: names.append(UInt8(scalar))
    case ..<0x800: names += [UInt8(0xC0 | scalar >> 6), tail(0)]
    case ..<0x10000: names += [UInt8(0xE0 | scalar >> 12), tail(6), tail(0)]
    default: names += [UInt8(0xF0 | scalar >> 18), tail(12), tail(6), tail(0)]
    }
  }

  /// Bytes of the scalar above ASCII that comes next (Unicode 15, table 3-7); 0 when it is none.
  private func lengthOfScalar() -> Int {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch bytes[at] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { return 0 }
    let isWhole = (at + 2..<at + max(length, 2)).allSatisfy { bytes[$0] & 0xC0 == 0x80 }
    return isWhole ? length : 0
  }
}
