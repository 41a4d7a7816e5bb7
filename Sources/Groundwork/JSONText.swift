/// Writes a few flat JSON texts without Foundation: log lines, error reports.
public struct JSONText {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []
  /// Whether everything outside ASCII is escaped too, as an HTTP header needs it.
  private let asciiOnly: Bool

  /// Nothing yet.
  /// - Parameter asciiOnly: whether everything outside ASCII is escaped.
  public init(asciiOnly: Bool = false) { self.asciiOnly = asciiOnly }

  /// Adds a piece of JSON as it is.
  public mutating func append(raw text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Adds a text in quotes.
  public mutating func append(string text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars { append(escaped: scalar) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": append(raw: "\\\"")
    case "\\": append(raw: "\\\\")
    case "\n": append(raw: "\\n")
    case "\r": append(raw: "\\r")
    case "\t": append(raw: "\\t")
    case "\u{20}"..."\u{7E}": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    // Above ASCII as it is, but for DEL, the C1 controls and the line separators, which break a log line.
    case "\u{A0}"..."\u{2027}" where !asciiOnly, "\u{202A}"... where !asciiOnly:
      bytes.append(contentsOf: String(scalar).utf8)
    default:
      for unit in String(scalar).utf16 { append(unicodeEscape: unit) }
    }
  }

  private mutating func append(unicodeEscape unit: UInt16) {
    let digits = String(unit, radix: 16)
    bytes.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8)
  }
}
