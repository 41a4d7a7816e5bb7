import Testing

@testable import SDWAN

/// Columns are told by the line of dashes.
@Suite struct TextTableTests {
  private static let text = """
    a warning before
    Name    State  IP Address
    ------  -----  ----------
    one            10.0.0.1
                   10.0.0.2
    two     up     10.0.0.3
    a line that keeps no column of the table
      and what belongs to it
    three   down   some words
    Name  Other
    ----  -----
    four  up
    """

  private func table(_ text: String = text) throws -> TextTable {
    try #require(TextTable(text, firstColumn: "Name"))
  }

  @Test func cells() throws {
    let table = try table()
    #expect(table.columns == ["name", "state", "ip address"])
    let places = try #require(table.places(of: ["Name", "IP Address"]))
    #expect(table.rows.map { $0.cell(places[0]) } == ["one", "two", "three"])
    #expect(
      table.rows.map { $0.cells(places[1]) } == [["10.0.0.1", "10.0.0.2"], ["10.0.0.3"], ["some words"]])
    #expect(table.rows.map { $0.cell(1) } == ["", "up", "down"])
  }

  /// Carriage returns, colours and space at the end of lines say nothing.
  @Test func whatATerminalAdds() throws {
    let dressed = Self.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("two") ? "\u{1B}[1;32m\(line)\u{1B}[0m   " : "\(line)  "
    }.joined(separator: "\r\n")
    let (plain, same) = (try table(), try table(dressed))
    #expect(same.columns == plain.columns && same.rows.map(\.lines) == plain.rows.map(\.lines))
  }

  @Test func columnsOfOthers() throws {
    let table = try table()
    #expect(table.places(of: ["Name", "State", "IP Address"]) == [0, 1, 2])
    #expect(table.places(of: ["State", "Name"]) == nil && table.places(of: ["PPK"]) == nil)
  }

  @Test(arguments: ["", "Name", "Name\n----", "----  ---\nName  x", "Other  x\n-----  -\n"])
  func noTable(text: String) { #expect(TextTable(text, firstColumn: "Name") == nil) }
}
