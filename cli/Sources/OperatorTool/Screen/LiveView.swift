/// Lines at the bottom of a terminal that are drawn over when they change. It leaves nothing to be undone: the cursor stands
/// below the lines and is never hidden, so whoever interrupts finds the terminal as it was.
struct LiveView {
  private let console: Console
  private var drawn: [String] = []
  private var size: (columns: Int, rows: Int)?

  init(_ console: Console) { self.console = console }

  /// Draws what is different. Lines that the terminal has no room for are left out, the last ones first.
  /// - Parameter lines: none wider than the screen.
  mutating func draw(_ lines: [String]) {
    guard let now = console.size() else { return }
    var text = ""
    if let size, size != now {
      // A narrower terminal has broken the old lines anew.
      text += Self.up(drawn.reduce(0) { $0 + max(1, (Self.width($1) + now.columns - 1) / now.columns) })
      text += Self.clearBelow
      drawn = []
    } else if !drawn.isEmpty {
      text += Self.up(drawn.count)
    }
    let shown = Array(lines.prefix(max(now.rows - 1, 1)))
    guard shown != drawn else { return }
    for (place, line) in shown.enumerated() {
      if place >= drawn.count || drawn[place] != line { text += "\r" + Self.clearLine + line }
      text += "\n"
    }
    if shown.count < drawn.count { text += Self.clearBelow }
    console.write(text)
    drawn = shown
    size = now
  }

  /// Takes the lines away: what follows is to stay.
  mutating func clear() {
    guard !drawn.isEmpty else { return }
    console.write(Self.up(drawn.count) + Self.clearBelow)
    drawn = []
  }

  /// Leaves the lines where they are.
  mutating func leave() { drawn = [] }

  private static let clearLine = "\u{1B}[2K"
  private static let clearBelow = "\r\u{1B}[J"

  private static func up(_ lines: Int) -> String { lines > 0 ? "\u{1B}[\(lines)A" : "" }

  /// Characters that take room.
  private static func width(_ line: String) -> Int {
    var (width, isEscape) = (0, false)
    for character in line {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { width += 1 }
      if isEscape, character == "m" { isEscape = false }
    }
    return width
  }
}
