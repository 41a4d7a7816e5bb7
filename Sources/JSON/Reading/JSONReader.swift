/// Makes values of JSON (RFC 8259), without Foundation, which is a third of a bootstrap's size and half a millisecond of its start.
public struct JSONReader: Sendable {
  /// What broken text is taken for.
  public enum BrokenText: Sendable {
    /// No JSON.
    case refused
    /// U+FFFD for every broken piece of UTF-8 and every half of a surrogate pair: a text that was cut where it may not be is
    /// no reason to lose all of it.
    case repaired
  }

  /// Levels of lists and objects in each other that are read.
  public static let deepest = 512

  /// For those who decode.
  public var userInfo: [CodingUserInfoKey: any Sendable] = [:]
  private let brokenText: BrokenText

  /// - Parameter brokenText: what it is taken for.
  public init(brokenText: BrokenText = .refused) { self.brokenText = brokenText }

  /// The value that a whole text holds.
  /// - Throws: `DecodingError` for what is no JSON, or not this value's; whatever the value's own `init(from:)` throws.
  public func read<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: [UInt8]
  ) throws -> Value {
    let document = try JSONDocument(bytes, repairing: brokenText == .repaired)
    return try ValueReading(document: document, node: 0, path: .root, userInfo: userInfo).decode(type)
  }
}
