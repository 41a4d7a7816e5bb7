/// Makes JSON (RFC 8259) of values, on one line, the names of an object in the order of their bytes: the same value is the same
/// text.
public struct JSONWriter: Sendable {
  /// For those who encode.
  public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

  /// A writer.
  public init() {}

  /// - Throws: `EncodingError` for a number that JSON does not know; whatever the value's own `encode(to:)` throws.
  public func write(_ value: some Encodable) throws -> [UInt8] {
    let slot = Slot()
    try ValueWriting(slot: slot, path: .root, userInfo: userInfo).encode(value)
    var text = JSONOutput()
    text.append(slot)
    return text.bytes
  }

  /// The same as a text.
  /// - Throws: as ``write(_:)``.
  public func text(_ value: some Encodable) throws -> String {
    String(decoding: try write(value), as: UTF8.self)
  }
}
