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

  /// The known name that is nearest to a wrong one; nil where none is near.
  static func near(_ wrong: String, among known: some Sequence<String>) -> String? {
    let nearest = known.map { ($0, distance(wrong.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    guard let nearest, nearest.1 <= max(wrong.count / 3, 1) else { return nil }
    return nearest.0
  }

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
