extension StringProtocol {
  /// The text in one line without control characters, its end cut where it takes more than `limit` bytes
  /// in JSON.
  public func oneLine(limit: Int) -> String {
    let isBlank = { (scalar: Unicode.Scalar) in
      scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }
    let words = unicodeScalars.split(whereSeparator: isBlank).map { String(String.UnicodeScalarView($0)) }
    let line = words.joined(separator: " ")
    if JSONSize.of(line) <= limit { return line }
    let head = line.unicodeScalars.prefix(fittingJSONBytes: limit - 3)
    return String(String.UnicodeScalarView(head)) + "…"
  }

  /// Lines without the empty ones, without carriage returns.
  public var filledLines: [SubSequence] {
    split { $0.isNewline }.filter { !$0.allSatisfy(\.isWhitespace) }
  }
}
