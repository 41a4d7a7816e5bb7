/// A list, for those who decode.
struct ItemsReading: UnkeyedDecodingContainer {
  private let list: ValueReading
  private var node: Int
  private(set) var currentIndex = 0

  init(of list: ValueReading) {
    self.list = list
    node = list.node + 1
  }

  var codingPath: [any CodingKey] { list.codingPath }
  var count: Int? { list.it.count }
  var isAtEnd: Bool { currentIndex == list.it.count }

  mutating func decodeNil() throws -> Bool {
    guard try item(Never.self).decodeNil() else { return false }
    advance()
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try item(type).decode(type)
    advance()
    return value
  }

  mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) throws -> KeyedDecodingContainer<
    Inner
  > {
    let container = try item([String: Any].self).container(keyedBy: type)
    advance()
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try item([Any].self).items()
    advance()
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try item((any Decoder).self)
    advance()
    return decoder
  }

  private func item(_ type: any Any.Type) throws -> ValueReading {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        type,
        .init(
          codingPath: codingPath + [ItemKey(currentIndex)], debugDescription: "the list has no more items"))
    }
    return list.inner(node, .item(currentIndex, in: list.path))
  }

  private mutating func advance() {
    node = list.document.nodes[node].next
    currentIndex += 1
  }
}
