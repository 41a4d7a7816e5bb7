/// An object, for those who encode.
struct KeyedWriting<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let object: ValueWriting

  var codingPath: [any CodingKey] { object.codingPath }

  func encodeNil(forKey key: Key) { value(key).encodeNil() }
  func encode(_ value: Bool, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: String, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: some Encodable, forKey key: Key) throws { try self.value(key).encode(value) }

  func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type, forKey key: Key) -> KeyedEncodingContainer<
    Inner
  > {
    container(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    value(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    object.inner(object.slot.member(ItemKey.above.stringValue), .key(ItemKey.above, in: object.path))
  }

  func superEncoder(forKey key: Key) -> any Encoder { value(key) }

  private func container(_ key: Key) -> ValueWriting {
    object.inner(object.slot.container(key.stringValue), .key(key, in: object.path))
  }

  private func value(_ key: Key) -> ValueWriting {
    object.inner(object.slot.member(key.stringValue), .key(key, in: object.path))
  }
}
