/// How many bytes a text takes inside a JSON string.
public enum JSONSize {
  /// Of a text.
  public static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

  /// Of a part of a text.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case "\"", "\\", "\n", "\r", "\t", "\u{8}", "\u{C}": 2
    case "\u{0}"..."\u{1F}": 6
    default: UTF8.width(scalar)
    }
  }
}

extension Sequence<Unicode.Scalar> {
  /// As many scalars as fit.
  public func prefix(fittingJSONBytes limit: Int) -> [Unicode.Scalar] {
    var size = 0
    return prefix {
      size += JSONSize.of($0)
      return size <= limit
    }
  }
}
