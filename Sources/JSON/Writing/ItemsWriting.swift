/// A list, for those who encode.
struct ItemsWriting: UnkeyedEncodingContainer {
  let list: ValueWriting

  var codingPath: [any CodingKey] { list.codingPath }
  var count: Int { list.slot.count }

  func encodeNil() { item().encodeNil() }
  func encode(_ value: some Encodable) throws { try item().encode(value) }

  func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
    item().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { item().unkeyedContainer() }

  func superEncoder() -> any Encoder { item() }

  private func item() -> ValueWriting { list.inner(list.slot.item(), .item(count, in: list.path)) }
}
