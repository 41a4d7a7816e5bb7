import Glibc

/// Looks for texts in texts, byte by byte. The standard library's functions of these names bring its regular expressions with
/// them, half a megabyte of a package.
extension StringProtocol where Index == String.Index {
  /// Whether a text is in this one; nothing is in every text.
  public func contains(_ text: String) -> Bool { firstRange(of: text) != nil }

  /// Where a text is first; an empty one is at the beginning.
  public func firstRange(of text: String) -> Range<String.Index>? {
    place(of: text, from: 0).map { range(at: $0, text) }
  }

  /// Where a text is, each place behind the one before.
  public func ranges(of text: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var from = 0
    while !text.isEmpty, let place = place(of: text, from: from) {
      ranges.append(range(at: place, text))
      from = place + text.utf8.count
    }
    return ranges
  }

  private func range(at place: Int, _ text: String) -> Range<String.Index> {
    let begin = utf8.index(utf8.startIndex, offsetBy: place)
    return begin..<utf8.index(begin, offsetBy: text.utf8.count)
  }

  /// In bytes from the beginning.
  private func place(of text: String, from: Int) -> Int? {
    var text = text
    return text.withUTF8 { wanted in
      let found = utf8.withContiguousStorageIfAvailable { Self.place(of: wanted, in: $0, from: from) }
      return found ?? Array(utf8).withUnsafeBufferPointer { Self.place(of: wanted, in: $0, from: from) }
    }
  }

  private static func place(
    of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from: Int
  ) -> Int? {
    guard let first = wanted.baseAddress, !wanted.isEmpty else { return from <= bytes.count ? from : nil }
    guard let begin = bytes.baseAddress else { return nil }
    var at = from
    while bytes.count - at >= wanted.count {
      let room = bytes.count - at - wanted.count + 1
      guard let next = memchr(begin + at, Int32(first.pointee), room) else { return nil }
      at = UnsafeRawPointer(next) - UnsafeRawPointer(begin)
      if memcmp(begin + at, first, wanted.count) == 0 { return at }
      at += 1
    }
    return nil
  }
}
