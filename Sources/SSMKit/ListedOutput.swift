import Groundwork

/// What a list says of an output: stdout, and behind a line of its own stderr, where there is some, 2,500 characters at most.
struct ListedOutput {
  /// What a step printed, as far as the list shows it.
  var stdout: String
  /// The same of standard error.
  var stderr: String
  /// Whether that is certainly all.
  var isWhole: Bool

  /// The agent's line between the two.
  private static let separator = "\n----------ERROR-------\n"
  /// Bytes up to which nothing was cut, wherever the agent cuts to get below 2,500.
  private static let certain = 2000
  /// What the agent writes where it has cut.
  private static let cut = "truncated--"

  init(_ text: String) {
    guard let line = text.firstRange(of: Self.separator) else {
      (stdout, stderr) = (text, "")
      isWhole = Self.isCertain(text)
      return
    }
    stdout = String(text[..<line.lowerBound])
    stderr = String(text[line.upperBound...])
    // Who prints that line himself makes it hard to tell.
    isWhole = Self.isCertain(text) && stderr.firstRange(of: Self.separator) == nil
  }

  /// An output without a character may only not be there yet.
  private static func isCertain(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count < certain && text.firstRange(of: cut) == nil
  }
}
