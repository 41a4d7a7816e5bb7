import Glibc

extension HTTPHeaders.Field {
  /// Reads the line of a header field as it came, with the space around its value and its line break; nil for
  /// a line without a colon.
  init?(line: UnsafeRawBufferPointer) {
    guard let base = line.baseAddress, let colon = memchr(base, Int32(UInt8(ascii: ":")), line.count) else {
      return nil
    }
    let end = UnsafeRawPointer(colon) - base
    self.init(
      String(decoding: UnsafeRawBufferPointer(rebasing: line[..<end]), as: UTF8.self),
      Self.value(of: line, behind: end))
  }

  /// What follows the colon at an index, without the space around it.
  static func value(of line: UnsafeRawBufferPointer, behind colon: Int) -> String {
    var (start, end) = (colon + 1, line.count)
    while start < end, isSpace(line[start]) { start += 1 }
    while start < end, isSpace(line[end - 1]) { end -= 1 }
    return String(decoding: UnsafeRawBufferPointer(rebasing: line[start..<end]), as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
