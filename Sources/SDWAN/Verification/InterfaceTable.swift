/// `show interfaces`: four columns in VyOS 1.3, seven from 1.4 on.
struct InterfaceTable: Equatable {
  enum State: String {
    case up = "u/u"
    case noLink = "u/D"
    case adminDown = "A/D"
  }

  struct Interface: Equatable {
    var name: String
    var state: State
    /// With prefix length; empty where the table shows `-`.
    var addresses: [String]
  }

  private struct Row: Equatable {
    var name: String
    var state: String
    var addresses: [String]
  }

  private var rows: [Row]
  private static let columns = ["Interface", "IP Address", "S/L"]

  /// - Throws: ``Unreadable`` for anything but that table.
  init(_ text: String) throws(Unreadable) {
    guard let table = TextTable(text, firstColumn: Self.columns[0]),
      let places = table.places(of: Self.columns)
    else { throw Unreadable("show interfaces printed no table of interfaces", raw: text) }
    rows = table.rows.map {
      Row(name: $0.cell(places[0]), state: $0.cell(places[2]), addresses: $0.cells(places[1]))
    }
  }

  /// The interface of this name; nil where there is none.
  /// - Throws: ``Unreadable`` when its row can't be read, or there are two.
  func interface(named name: String) throws(Unreadable) -> Interface? {
    let found = rows.filter { $0.name == name }
    guard let row = found.first else { return nil }
    guard found.count == 1 else { throw Unreadable("show interfaces has \(name) twice") }
    let addresses = row.addresses == ["-"] ? [] : row.addresses
    guard let state = State(rawValue: row.state), !row.addresses.isEmpty,
      addresses.allSatisfy({ $0.contains("/") && !$0.contains(" ") })
    else {
      throw Unreadable(
        "the row of \(name) in show interfaces can't be read",
        raw: ([row.state] + row.addresses).joined(separator: " | "))
    }
    return Interface(name: name, state: state, addresses: addresses)
  }
}
