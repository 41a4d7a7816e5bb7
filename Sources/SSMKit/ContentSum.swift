/// A checksum of texts, the same in every process: FNV-1a with 64 bits.
struct ContentSum {
  private var sum: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Goes on with a text.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes { add(byte) }
    }
    // What can't stand in a text parts one from the next.
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }

  /// Sixteen hexadecimal digits.
  var digits: String {
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
