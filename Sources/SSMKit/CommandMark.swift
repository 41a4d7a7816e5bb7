import AWSClient

/// Tells a command from all others by what it was sent for, so that an invocation that is retried finds what
/// an earlier attempt has sent already.
public struct CommandMark: Sendable, Equatable {
  /// Hexadecimal digits that all commands of an execution share.
  public static let executionDigits = 16
  private static let purposeDigits = 10
  private static let contentDigits = 8
  private static let instanceDigits = 6

  /// What the mark says of the execution: ``executionDigits`` hexadecimal digits.
  public let execution: String
  /// The whole mark: 41 characters, part of a command's comment.
  public let text: String

  /// - Parameters:
  ///   - execution: ARN of the root execution.
  ///   - purpose: what tells the command from others of the execution: wave, step, kind, how manieth.
  ///   - content: what is sent (``CommandDocument/digest``).
  ///   - instances: those that get it.
  public init(execution: String, purpose: [String], content: String, instances: [InstanceID]) {
    self.execution = Self.execution(execution)
    text =
      Self.purpose(execution, purpose) + content.prefix(Self.contentDigits)
      + Self.digest(of: instances.map(\.text), digits: Self.instanceDigits)
  }

  /// What the marks of all commands of a purpose begin with, whatever is sent to whom.
  public static func purpose(_ execution: String, _ purpose: [String]) -> String {
    "\(Self.execution(execution))-\(digest(of: [execution] + purpose, digits: purposeDigits))"
  }

  /// The purpose that a mark's text tells of (``purpose(_:_:)``).
  public static func purpose(in text: String) -> String {
    String(text.prefix(executionDigits + 1 + purposeDigits))
  }

  /// Whether a mark's text tells of a content.
  public static func has(_ text: String, content: String) -> Bool {
    text.dropFirst(executionDigits + 1 + purposeDigits).hasPrefix(content.prefix(contentDigits))
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
    guard let comment else { return nil }
    let blank = comment.utf8.lastIndex(of: UInt8(ascii: " "))
    let last = comment[(blank.map(comment.utf8.index(after:)) ?? comment.startIndex)...]
    return last.utf8.starts(with: "\(execution)-".utf8) ? String(last) : nil
  }

  /// Hexadecimal digits that tell a list of texts from others.
  public static func digest(of texts: [String], digits count: Int) -> String {
    // What can't stand in a text parts one from the next.
    digits(of: texts.joined(separator: "\u{0}"), count)
  }

  private static func digits(of text: String, _ count: Int) -> String {
    String(Digest.hex(Digest.sha256(Array(text.utf8))).prefix(count))
  }
}
