extension StringProtocol {
  /// The text for a message: at most so many bytes of UTF-8, cut between two scalars. Not characters, for one of
  /// them may be of any length.
  public func shown(bytes limit: Int) -> String {
    let mark = "…"
    let bytes = String(self).utf8
    if bytes.count <= limit { return String(self) }
    var end = bytes.index(bytes.startIndex, offsetBy: Swift.max(limit - mark.utf8.count, 0))
    // Back to where a scalar begins.
    while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end = bytes.index(before: end) }
    return String(decoding: bytes[..<end], as: UTF8.self) + mark
  }

  /// A URL for a message: without user name and password, query and fragment, which may be secrets. What stands
  /// before the last `@` is hidden even where it would be a path: a malformed URL may hold a password anywhere.
  public var urlWithoutSecrets: String {
    let bytes = Array(utf8)
    let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? 0
    let begin = bytes[colon...].starts(with: "://".utf8) ? colon + 3 : 0
    let at = bytes[begin...].lastIndex(of: UInt8(ascii: "@"))
    let rest = bytes[(at.map { $0 + 1 } ?? begin)...]
    let end = rest.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
    let hidden = at == nil ? "" : "***@"
    return String(decoding: bytes[..<begin] + Array(hidden.utf8) + rest[..<end], as: UTF8.self)
  }
}
