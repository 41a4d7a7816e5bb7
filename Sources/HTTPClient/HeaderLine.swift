extension HTTPHeaders.Field {
  /// Reads the line of a header field as it came, with the space around its value and its line break; nil for
  /// a line without a colon.
  init?(line: UnsafeRawBufferPointer) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    self.init(
      String(decoding: line[..<colon], as: UTF8.self),
      String(decoding: line[(colon + 1)...].trimmingSpace, as: UTF8.self))
  }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate var trimmingSpace: Self {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
    var part = self
    while let first = part.first, isSpace(first) { part.removeFirst() }
    while let last = part.last, isSpace(last) { part.removeLast() }
    return part
  }
}
