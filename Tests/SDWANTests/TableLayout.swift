/// Takes a captured table apart and lays it out again, as wide as its cells have become.
enum TableLayout {
  private static let separator: Character = "\u{1F}"

  /// The lines with the cells of a table parted by a mark; lines of no table stay as they are.
  static func taken(_ lines: [String]) -> [String] {
    guard let rule = lines.firstIndex(where: isRule) else { return lines }
    let dashes = Array(lines[rule])
    let starts = dashes.indices.filter { dashes[$0] == "-" && ($0 == 0 || dashes[$0 - 1] == " ") }
    return lines.enumerated().map { number, line in
      guard number >= rule - 1, !line.isEmpty else { return line }
      let characters = Array(line)
      let cells = starts.enumerated().map { place, start in
        let end = place + 1 < starts.count ? starts[place + 1] : characters.count
        guard start < characters.count else { return "" }
        return String(characters[start..<min(max(end, start), characters.count)])
          .replacing(#/^ +| +$/#, with: "")
      }
      return cells.joined(separator: String(separator))
    }
  }

  static func laidOut(_ lines: [String]) -> [String] {
    let rows = lines.map { $0.split(separator: separator, omittingEmptySubsequences: false).map(String.init) }
    guard let columns = rows.map(\.count).max(), columns > 1 else { return lines }
    let widths = (0..<columns).map { column in
      let cells = rows.filter { $0.count == columns && !$0.allSatisfy(isRule) }.map { $0[column] }
      // The library that VyOS prints tables with makes a column two wider than its head.
      return max(cells.map(\.count).max() ?? 0, (cells.first?.count ?? 0) + 2)
    }
    return zip(lines, rows).map { line, row in
      guard row.count == columns else { return line }
      return zip(row, widths).map { cell, width in
        isRule(cell)
          ? String(repeating: "-", count: width) : cell + String(repeating: " ", count: width - cell.count)
      }.joined(separator: "  ")
    }
  }

  private static func isRule(_ text: String) -> Bool {
    text.hasPrefix("---") && text.allSatisfy { $0 == "-" || $0 == " " }
  }
}
