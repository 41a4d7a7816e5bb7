import AWSClient

/// The id of a file: the same for the same place, wherever it is reckoned (UUID version 5, namespace URL, of the file's
/// absolute path; RFC 9562, 5.5).
enum FileID {
  /// RFC 9562, 6.6.
  private static let namespaceURL: [UInt8] = [
    0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
  ]

  static func of(path: String) -> String {
    var bytes = Array(Digest.sha1(namespaceURL + Array(path.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = Digest.hex(bytes)
    var (groups, rest) = ([Substring](), hex[...])
    for length in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return groups.joined(separator: "-")
  }
}
