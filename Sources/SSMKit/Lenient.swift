/// An element of a listing that is skipped where it can't be read: one strange entry is no reason to lose a page.
struct Lenient<Value: Decodable>: Decodable {
  /// nil where it can't be read.
  let value: Value?

  init(from decoder: any Decoder) { value = try? Value(from: decoder) }
}

extension KeyedDecodingContainer {
  /// A text that only people read: nil where it is missing or no text.
  func words(_ key: Key) -> String? { try? decode(String.self, forKey: key) }

  /// The elements that can be read; nil where there is no array.
  func readable<Value: Decodable>(_ key: Key, as type: Value.Type = Value.self) throws -> [Value]? {
    try decodeIfPresent([Lenient<Value>].self, forKey: key)?.compactMap(\.value)
  }
}
