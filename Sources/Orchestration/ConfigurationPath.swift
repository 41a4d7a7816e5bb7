import AWSClient
import Groundwork

/// Where a value of a dictionary is in Parameter Store. A key may be any text; a parameter's name has letters, digits and
/// `-_.` only: other bytes of a key, and its points, become `.` and two hexadecimal digits; the empty key is `.`.
enum ConfigurationPath {
  /// Parts of a name that Parameter Store takes.
  static let mostLevels = 15
  /// Bytes of a name, its ARN's beginning included (`arn:aws:ssm:us-gov-west-1:123456789012:parameter` and more).
  static let mostBytes = 1011

  private static let digits = Array("0123456789ABCDEF".utf8)

  static func encode(_ key: String) -> String {
    guard !key.isEmpty else { return "." }
    var bytes: [UInt8] = []
    for byte in key.utf8 {
      if isPlain(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "."), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A point that no two digits follow is only a point: somebody else has written that parameter.
  static func decode(_ part: String) -> String {
    if part == "." { return "" }
    let bytes = Array(part.utf8)
    var key: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "."), at + 2 < bytes.count,
        let high = digits.firstIndex(of: bytes[at + 1]), let low = digits.firstIndex(of: bytes[at + 2])
      {
        key.append(UInt8(high << 4 | low))
        at += 3
      } else {
        key.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: key, as: UTF8.self)
  }

  /// nil for a prefix that a parameter's name may begin with.
  static func flaw(prefix: String) -> String? {
    let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
    let isPath =
      prefix.hasPrefix("/") && parts.count > 1
      && parts.dropFirst().allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: ".") }
      }
    guard isPath else {
      return "\"\(prefix.shown(bytes: 200))\" is no prefix; one is like /my-app/production"
    }
    let first = parts[1].lowercased()
    if first.hasPrefix("aws") || first.hasPrefix("ssm") {
      return "\(prefix) begins with aws or ssm, which Parameter Store keeps for itself"
    }
    return nil
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// How a value of a dictionary is kept: a text as it is, so that people can read and write it, unless it could be taken for
/// JSON, is empty, or holds what Parameter Store refuses; all else as JSON.
enum ConfigurationValue {
  static func encode(_ value: JSONTree) -> String {
    guard case .text(let text) = value, !text.isEmpty, !text.contains("{{"), (try? JSONTree(text)) == nil
    else {
      return value.json
    }
    return text
  }

  static func decode(_ text: String) -> JSONTree { (try? JSONTree(text)) ?? .text(text) }
}
