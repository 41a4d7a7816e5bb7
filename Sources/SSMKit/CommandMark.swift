import AWSClient

/// Tells a command from all others by what it was sent for, so that an invocation that is retried finds what
/// an earlier attempt has sent already.
public struct CommandMark: Sendable, Equatable {
  /// Hexadecimal digits that all commands of an execution share.
  public static let executionDigits = 16
  private static let commandDigits = 24

  /// What the mark says of the execution: ``executionDigits`` hexadecimal digits.
  public let execution: String
  /// The whole mark: 41 characters, part of a command's comment.
  public let text: String

  /// - Parameters:
  ///   - execution: ARN of the root execution.
  ///   - redriveCount: how often the execution was redriven; a redriven step sends its commands anew.
  ///   - purpose: what tells the command from others of the execution: wave, work, target, how manieth.
  public init(execution: String, redriveCount: Int, purpose: [String]) {
    self.execution = Self.execution(execution)
    let all = ([execution, String(redriveCount)] + purpose).joined(separator: "\n")
    text = "\(self.execution)-\(Self.digits(of: all, Self.commandDigits))"
  }

  /// What the marks of an execution's commands begin with.
  public static func execution(_ arn: String) -> String { digits(of: arn, executionDigits) }

  /// Whether a command may be one of an execution's: its comment ends with such a mark, or nothing is known of one
  /// of the two.
  static func mayBelong(_ comment: String?, to execution: String?) -> Bool {
    guard let comment, !comment.isEmpty, let execution else { return true }
    return text(in: comment, of: execution) != nil
  }

  /// The mark at the end of a comment; nil where it is none of the execution's.
  static func text(in comment: String?, of execution: String) -> String? {
    guard let last = comment?.split(separator: " ").last, last.hasPrefix("\(execution)-") else { return nil }
    return String(last)
  }

  private static func digits(of text: String, _ count: Int) -> String {
    String(Digest.hex(Digest.sha256(Array(text.utf8))).prefix(count))
  }
}
