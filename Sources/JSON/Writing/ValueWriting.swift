/// One value, for those who encode.
struct ValueWriting: Encoder, SingleValueEncodingContainer {
  let slot: Slot
  let path: CodingPath
  let userInfo: [CodingUserInfoKey: Any]

  var codingPath: [any CodingKey] { path.keys }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    slot.becomes(.object([]))
    return KeyedEncodingContainer(KeyedWriting<Key>(object: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.becomes(.list([]))
    return ItemsWriting(list: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  /// A value inside this one.
  func inner(_ slot: Slot, _ path: CodingPath) -> ValueWriting {
    ValueWriting(slot: slot, path: path, userInfo: userInfo)
  }

  func encodeNil() { slot.content = .null }
  func encode(_ value: Bool) { slot.content = .bool(value) }
  func encode(_ value: String) { slot.content = .text(value) }
  func encode(_ value: Double) throws { try real(value) }
  func encode(_ value: Float) throws { try real(value) }
  func encode(_ value: Int) { slot.content = .number(String(value)) }
  func encode(_ value: Int8) { slot.content = .number(String(value)) }
  func encode(_ value: Int16) { slot.content = .number(String(value)) }
  func encode(_ value: Int32) { slot.content = .number(String(value)) }
  func encode(_ value: Int64) { slot.content = .number(String(value)) }
  func encode(_ value: UInt) { slot.content = .number(String(value)) }
  func encode(_ value: UInt8) { slot.content = .number(String(value)) }
  func encode(_ value: UInt16) { slot.content = .number(String(value)) }
  func encode(_ value: UInt32) { slot.content = .number(String(value)) }
  func encode(_ value: UInt64) { slot.content = .number(String(value)) }
  func encode(_ value: some Encodable) throws { try value.encode(to: self) }

  private func real(_ value: some BinaryFloatingPoint & LosslessStringConvertible) throws {
    guard value.isFinite else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "\(value) is no number of JSON"))
    }
    let text = String(value)
    slot.content = .number(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }
}
