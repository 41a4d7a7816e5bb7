/// Rows under heads, as wide as they have to be; the last column takes what is left of the screen.
struct Table: Sendable {
  struct Cell: Sendable {
    var text: String
    var mood: Screen.Mood?
    var isRight = false

    init(_ text: String, _ mood: Screen.Mood? = nil, isRight: Bool = false) {
      self.text = text
      self.mood = mood
      self.isRight = isRight
    }
  }

  private static let gap = "  "

  private let heads: [String]
  private var rows: [[Cell]] = []

  init(_ heads: String...) { self.heads = heads }

  mutating func add(_ cells: Cell...) { rows.append(cells) }

  /// The lines, none of them wider than the screen.
  func lines(on screen: Screen) -> [String] {
    var widths = heads.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.text.count) }
    }
    let before = widths.dropLast().reduce(0) { $0 + $1 + Self.gap.count }
    if let last = widths.indices.last { widths[last] = max(min(widths[last], screen.columns - before), 1) }
    let head = zip(heads, widths).enumerated().map { column, head in
      pad(head.0, head.1, isRight: rows.first?[column].isRight ?? false)
    }
    let lines = rows.map { row in
      zip(row, widths).map { cell, width in
        colored(pad(cell.text, width, isRight: cell.isRight), cell.mood, screen)
      }.joined(separator: Self.gap)
    }
    return ([colored(head.joined(separator: Self.gap), .dim, screen)] + lines).map { trimmed($0) }
  }

  /// The space behind a word is not the word's.
  private func colored(_ text: String, _ mood: Screen.Mood?, _ screen: Screen) -> String {
    let word = trimmed(text)
    return screen.colored(word, mood) + text.dropFirst(word.count)
  }

  private func pad(_ text: String, _ width: Int, isRight: Bool) -> String {
    guard text.count <= width else {
      return width > 1 ? text.prefix(width - 1) + "…" : String(text.prefix(width))
    }
    let space = String(repeating: " ", count: width - text.count)
    return isRight ? space + text : text + space
  }

  private func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
