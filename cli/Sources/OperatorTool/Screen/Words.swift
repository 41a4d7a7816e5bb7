import Groundwork

/// Numbers and times as people say them.
enum Words {
  /// `6 min`.
  static func span(_ time: Duration) -> String {
    let seconds = Int(time.inSeconds.rounded())
    switch seconds {
    case ..<120: return "\(max(seconds, 0)) s"
    case ..<7200: return "\(seconds / 60) min"
    case ..<172_800: return "\(seconds / 3600) h"
    default: return "\(seconds / 86_400) d"
    }
  }

  /// `6 min ago`.
  static func ago(_ time: Duration) -> String { "\(span(time)) ago" }

  /// `90m`, `12h`, `2d`; nil for something else.
  static func duration(_ text: String) -> Duration? {
    guard let unit = text.last, let number = Int(text.dropLast()), (1...1_000_000).contains(number) else {
      return nil
    }
    return switch unit {
    case "s": .seconds(number)
    case "m": .seconds(number * 60)
    case "h": .seconds(number * 3600)
    case "d": .seconds(number * 86_400)
    default: nil
    }
  }

  /// The known name that is nearest to a wrong one; nil where none is near.
  static func near(_ wrong: String, among known: some Sequence<String>) -> String? {
    if wrong.count >= 2, let longer = known.first(where: { $0.lowercased().hasPrefix(wrong.lowercased()) }) {
      return longer
    }
    let nearest = known.map { ($0, distance(wrong.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    guard let nearest, nearest.1 <= max(wrong.count / 3, 1) else { return nil }
    return nearest.0
  }

  /// `; did you mean …?`, or nothing.
  /// - Parameter orAll: where none is near, say which there are.
  static func meant(_ wrong: String, among known: some Sequence<String>, orAll: Bool = false) -> String {
    if let near = near(wrong, among: known) { return "; did you mean \(near)?" }
    let all = Array(known)
    guard orAll, !all.isEmpty else { return "" }
    let more = all.count > mostNames ? " and \(all.count - mostNames) more" : ""
    return "; there are \(all.prefix(mostNames).joined(separator: ", "))\(more)"
  }

  private static let mostNames = 10

  /// Letters to add, to take away or to change.
  private static func distance(_ one: String, _ other: String) -> Int {
    let other = Array(other)
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let above = row[column + 1]
        row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other[column] ? 0 : 1))
        diagonal = above
      }
    }
    return row[other.count]
  }
}
