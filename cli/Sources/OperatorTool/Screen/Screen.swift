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

  let columns: Int
  let isColored: Bool
  let isJSON: Bool
  let isQuiet: Bool

  init(_ global: GlobalOptions, _ environment: Environment) {
    columns = global.columns ?? Terminal.size?.columns ?? environment("COLUMNS").flatMap { Int($0) } ?? 80
    isJSON = global.output == .json
    isQuiet = global.quiet
    isColored =
      switch global.color {
      case .always: true
      case .never: false
      case .auto: Self.wantsColors(environment)
      }
  }

  /// A screen for tests.
  init(columns: Int, isColored: Bool = false) {
    self.columns = columns
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
  private static func wantsColors(_ environment: Environment) -> Bool {
    if environment("NO_COLOR") != nil { return false }
    if let forced = environment("CLICOLOR_FORCE"), forced != "0" { return true }
    return Terminal.isInteractive && environment("TERM") != "dumb"
  }

  func colored(_ text: String, _ mood: Mood?) -> String {
    guard isColored, let mood else { return text }
    return "\u{1B}[\(mood.rawValue)m\(text)\u{1B}[0m"
  }

  /// To stdout, cut to the width.
  func say(_ line: String) { print(fitted(line)) }

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

  /// A value of the tool's JSON, whose keys are in order.
  func say(json value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    print(String(decoding: (try? encoder.encode(Versioned(value: value))) ?? Data(), as: UTF8.self))
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
