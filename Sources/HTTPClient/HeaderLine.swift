import Glibc

extension HTTPHeaders.Field {
  /// Reads the line of a header field as it came, with the space around its value and its line break; nil for
  /// a line without a colon.
  init?(line: UnsafeRawBufferPointer) {
    guard let base = line.baseAddress, let colon = memchr(base, Int32(UInt8(ascii: ":")), line.count) else {
      return nil
    }
    let end = UnsafeRawPointer(colon) - base
    var value = end + 1..<line.count
    while let first = value.first, Self.isSpace(line[first]) { value = first + 1..<value.upperBound }
    while let last = value.last, Self.isSpace(line[last]) { value = value.lowerBound..<last }
    self.init(
      String(decoding: UnsafeRawBufferPointer(rebasing: line[..<end]), as: UTF8.self),
      String(decoding: UnsafeRawBufferPointer(rebasing: line[value]), as: UTF8.self))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
