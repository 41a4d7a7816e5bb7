import Foundation
import Groundwork

/// How text looks: width, colours, and whether it is text at all.
struct Screen: Sendable {
  /// What a colour says; the words beside it say it too.
  enum Mood: String, Sendable {
    case good = "32"
    case bad = "31"
    case busy = "33"
    case dim = "2"
    case strong = "1"
  }

  let isColored: Bool
  let isJSON: Bool
  let isQuiet: Bool
  let console: Console
  private let wanted: Int?
  private let fallback: Int

  /// As wide as it is asked for, else as the terminal, else as COLUMNS says.
  var columns: Int { wanted ?? console.size()?.columns ?? fallback }
  /// Whether lines can be drawn over.
  var isLive: Bool { !isJSON && !isQuiet && isCapable && console.size() != nil }
  private let isCapable: Bool

  init(_ global: GlobalOptions, _ environment: Environment, _ console: Console = .live) {
    self.console = console
    wanted = global.columns
    fallback = environment("COLUMNS").flatMap { Int($0) } ?? 80
    isCapable = environment("TERM") != "dumb"
    isJSON = global.output == .json
    isQuiet = global.quiet
    isColored =
      switch global.color {
      case .always: true
      case .never: false
      case .auto: Self.wantsColors(environment, console)
      }
  }

  /// A screen for tests.
  init(columns: Int, isColored: Bool = false, _ console: Console = .live) {
    self.console = console
    (wanted, fallback, isCapable) = (columns, columns, true)
    self.isColored = isColored
    (isJSON, isQuiet) = (false, false)
  }

  /// Words in lines no wider than the screen; those behind the first are set in.
  func wrapped(_ text: String, indent: Int) -> [String] {
    let room = max(columns - indent, 10)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines
  }

  /// https://no-color.org and https://bixense.com/clicolors say what the variables mean.
  private static func wantsColors(_ environment: Environment, _ console: Console) -> Bool {
    if environment("NO_COLOR") != nil { return false }
    if let forced = environment("CLICOLOR_FORCE"), forced != "0" { return true }
    return console.size() != nil && environment("TERM") != "dumb"
  }

  func colored(_ text: String, _ mood: Mood?) -> String {
    guard isColored, let mood else { return text }
    return "\u{1B}[\(mood.rawValue)m\(text)\u{1B}[0m"
  }

  /// To stdout, cut to the width.
  func say(_ line: String) { console.write(fitted(line) + "\n") }

  /// A line cut to the width; what colours it takes no room.
  func fitted(_ line: String) -> String {
    var (kept, width, isEscape) = ("", 0, false)
    for character in line {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape {
        guard width < columns else { continue }
        width += 1
      }
      kept.append(character)
      if isEscape, character == "m" { isEscape = false }
    }
    return kept
  }

  /// A value of the tool's JSON, whose keys are in order, to stdout.
  func say(json value: some Encodable) { console.write(json(value)) }

  /// A line of the tool's JSON.
  func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: (try? encoder.encode(Versioned(value: value))) ?? Data(), as: UTF8.self) + "\n"
  }
}

/// A value with the number of its schema beside its own fields.
private struct Versioned<Value: Encodable>: Encodable {
  let value: Value

  private enum Key: CodingKey { case schema }

  func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(1, forKey: .schema)
  }
}
