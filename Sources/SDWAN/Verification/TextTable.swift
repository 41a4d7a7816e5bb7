/// A table whose columns stand under a head and a line of dashes, as VyOS's show commands print it.
///
/// Where a column begins is told by the line of dashes, never by counting words: a cell may be empty, or hold
/// several words. What stands before or after the table, and lines that don't keep its columns, are left out; so are
/// further tables.
struct TextTable {
  struct Row {
    /// The row's cells, a list of them for each of its lines.
    fileprivate(set) var lines: [[String]]

    /// The cell of a column in the row's first line.
    func cell(_ column: Int) -> String { lines[0][column] }

    /// A column's filled cells.
    func cells(_ column: Int) -> [String] { lines.map { $0[column] }.filter { !$0.isEmpty } }
  }

  /// The head's words, in lower case.
  let columns: [String]
  private(set) var rows: [Row] = []

  /// The first table whose first column has this name; nil where there is none.
  init?(_ text: String, firstColumn: String) {
    let lines = text.plainLines.map { Array($0.unicodeScalars) }
    let isRule = lines.map(Self.isRule)
    guard
      let rule = lines.indices.dropFirst().first(where: {
        isRule[$0] && Self.text(lines[$0 - 1][...]).lowercased().hasPrefix(firstColumn.lowercased())
      })
    else { return nil }
    let starts = Self.starts(lines[rule])
    columns = Self.cells(lines[rule - 1], starts).map { $0.lowercased() }
    // Another line of dashes belongs to another table, and the line above it is that one's head.
    let end = lines.indices.dropFirst(rule + 1).first { isRule[$0] }.map { $0 - 1 } ?? lines.count
    var belongs = false
    for line in lines[(rule + 1)..<max(rule + 1, end)] {
      let fits = starts.allSatisfy { $0 == 0 || $0 > line.count || line[$0 - 1] == " " }
      let continues = line.first == " "
      if !continues { belongs = fits }
      guard fits, belongs else { continue }
      let cells = Self.cells(line, starts)
      if !continues {
        rows.append(Row(lines: [cells]))
      } else if !rows.isEmpty {
        rows[rows.count - 1].lines.append(cells)
      }
    }
  }

  /// The places of the wanted columns; nil unless all are there in this order. Others may stand between them.
  func places(of wanted: [String]) -> [Int]? {
    var places: [Int] = []
    for name in wanted {
      guard let place = columns[(places.last.map { $0 + 1 } ?? 0)...].firstIndex(of: name.lowercased()) else {
        return nil
      }
      places.append(place)
    }
    return places
  }

  /// The first lines of all rows, with the cells of these columns only.
  /// - Parameters:
  ///   - command: what printed the table.
  ///   - versions: the VyOS versions whose tables have these columns.
  /// - Throws: ``Unreadable`` when a column is missing or stands elsewhere.
  func cells(of wanted: [String], command: String, versions: String) throws(Unreadable) -> [[String]] {
    guard let places = places(of: wanted) else {
      throw Unreadable(
        "the table of \(command) lacks columns that VyOS \(versions) have: the router runs another version",
        raw: columns.joined(separator: " | "))
    }
    return rows.map { row in places.map(row.cell) }
  }

  private static func isRule(_ line: [Unicode.Scalar]) -> Bool {
    line.contains(" ") && line.allSatisfy { $0 == "-" || $0 == " " }
  }

  private static func starts(_ rule: [Unicode.Scalar]) -> [Int] {
    rule.indices.filter { rule[$0] == "-" && ($0 == 0 || rule[$0 - 1] == " ") }
  }

  private static func cells(_ line: [Unicode.Scalar], _ starts: [Int]) -> [String] {
    starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : line.count
      guard starts[index] < line.count else { return "" }
      return text(line[starts[index]..<min(max(end, starts[index]), line.count)])
    }
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    let isBlank = { (scalar: Unicode.Scalar) in scalar == " " }
    let trimmed = scalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return String(String.UnicodeScalarView(trimmed))
  }
}
