/// Why an invocation, or the start of a function, failed, as everybody outside sees it.
public struct Failure: Error, Sendable, Equatable {
  /// The stable public name that Step Functions' `ErrorEquals` matches, e.g. `Event.Invalid`.
  public let type: String
  /// What failed, with which input, and what to do next.
  public let message: String

  /// Bytes; nobody's public name comes near it.
  private static let longestType = 128
  /// Bytes: even where each is escaped in JSON, Step Functions takes the whole as a cause (32,768 characters).
  private static let longestMessage = 4096

  /// What is longer than a report takes is cut: a report that is refused would leave the invocation without an answer.
  public init(type: String, message: String) {
    self.type = type.shown(bytes: Self.longestType)
    self.message = message.shown(bytes: Self.longestMessage)
  }
}
