extension String {
  /// The lines as somebody would read them on a screen: without colours and other escape sequences, without carriage
  /// returns and other control characters, without space at their ends; empty ones stay out.
  var plainLines: [String] {
    split(whereSeparator: \.isNewline).compactMap { line in
      let text = PlainLine.text(of: line)
      return text.isEmpty ? nil : text
    }
  }
}

/// What a terminal shows of a line.
private enum PlainLine {
  static func text(of line: Substring) -> String {
    var kept = String.UnicodeScalarView()
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\u{1B}" {
        skipSequence(&rest)
      } else if scalar == "\t" {
        kept.append(" ")
      } else if scalar.properties.generalCategory != .control {
        kept.append(scalar)
      }
    }
    while let last = kept.last, last.properties.isWhitespace { kept.removeLast() }
    return String(kept)
  }

  /// `ESC [ … letter` (ECMA-48, 5.4), or ESC and one character.
  private static func skipSequence(_ rest: inout Substring.UnicodeScalarView) {
    guard rest.popFirst() == "[" else { return }
    while let scalar = rest.popFirst() {
      if (0x40...0x7E).contains(scalar.value) { return }
    }
  }
}
