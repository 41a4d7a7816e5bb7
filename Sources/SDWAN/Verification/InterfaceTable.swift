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

  var interfaces: [Interface] = []

  /// - Throws: ``Unreadable`` for anything but that table.
  init(_ text: String) throws(Unreadable) {
    let lines = text.filledLines
    guard let head = lines.firstIndex(where: { $0.hasPrefix("Interface ") }),
      let stateColumn = Self.stateColumn(lines[head]), head + 1 < lines.count,
      lines[head + 1].allSatisfy({ $0 == "-" || $0 == " " })
    else { throw Unreadable("show interfaces printed no table", raw: text) }
    for line in lines[(head + 2)...] {
      let cells = line.words.map(String.init)
      if line.hasPrefix(" ") {
        // A further address of the interface above.
        guard cells.count == 1, !interfaces.isEmpty, cells[0].contains("/") else {
          throw Self.unreadable(line)
        }
        interfaces[interfaces.count - 1].addresses.append(cells[0])
        continue
      }
      guard cells.count > stateColumn, let state = State(rawValue: cells[stateColumn]),
        cells[1] == "-" || cells[1].contains("/"), !interfaces.contains(where: { $0.name == cells[0] })
      else { throw Self.unreadable(line) }
      interfaces.append(Interface(name: cells[0], state: state, addresses: cells[1] == "-" ? [] : [cells[1]]))
    }
  }

  func interface(named name: String) -> Interface? { interfaces.first { $0.name == name } }

  /// The state's place among the words of a row; no cell before it holds a space.
  private static func stateColumn(_ header: Substring) -> Int? {
    let words = header.words.map(String.init)
    guard words.starts(with: ["Interface", "IP", "Address"]) else { return nil }
    // "IP Address" is one column.
    return words.firstIndex(of: "S/L").map { $0 - 1 }
  }

  private static func unreadable(_ line: Substring) -> Unreadable {
    Unreadable("a line of show interfaces can't be read", raw: String(line))
  }
}
