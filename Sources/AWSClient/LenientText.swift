/// Repairs texts that were cut where they may not be.
enum LenientText {
  /// JSON in which every broken piece of UTF-8 and every half of a surrogate pair is U+FFFD.
  static func repaired(json: [UInt8]) -> [UInt8] {
    guard mayBeBroken(json) else { return json }
    let bytes = Array(String(decoding: json, as: UTF8.self).utf8)
    var repaired: [UInt8] = []
    repaired.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        repaired.append(bytes[index])
        index += 1
        continue
      }
      let unit = unit(in: bytes, at: index)
      let isHigh = unit.map { (0xD800...0xDBFF).contains($0) } ?? false
      let isLow = unit.map { (0xDC00...0xDFFF).contains($0) } ?? false
      let isPair =
        isHigh && self.unit(in: bytes, at: index + 6).map { (0xDC00...0xDFFF).contains($0) } ?? false
      let length = isPair ? 12 : unit == nil ? 2 : 6
      if isLow || isHigh && !isPair {
        repaired += "\\uFFFD".utf8
      } else {
        repaired += bytes[index..<min(index + length, bytes.count)]
      }
      index += length
    }
    return repaired
  }

  /// Most answers are plain ASCII.
  private static func mayBeBroken(_ json: [UInt8]) -> Bool {
    json.contains { $0 >= 0x80 }
      || zip(json, json.dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "u") }
  }

  /// The UTF-16 unit that is escaped there as `\uXXXX`.
  private static func unit(in bytes: [UInt8], at index: Int) -> UInt16? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
    else {
      return nil
    }
    return UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
  }
}
