/// One value, for those who decode.
struct ValueReading: Decoder, SingleValueDecodingContainer {
  let document: JSONDocument
  let node: Int
  let path: CodingPath
  let userInfo: [CodingUserInfoKey: Any]

  var codingPath: [any CodingKey] { path.keys }

  init(document: JSONDocument, node: Int, path: CodingPath, userInfo: [CodingUserInfoKey: Any]) {
    self.document = document
    self.node = node
    self.path = path
    self.userInfo = userInfo
  }

  /// A value inside this one.
  func inner(_ node: Int, _ path: CodingPath) -> ValueReading {
    ValueReading(document: document, node: node, path: path, userInfo: userInfo)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(KeyedReading<Key>(members: try members()))
  }

  func members() throws -> Members {
    guard it.kind == .object else { throw mismatch([String: Any].self, "an object") }
    return Members(of: self)
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try items() }

  func items() throws -> ItemsReading {
    guard it.kind == .list else { throw mismatch([Any].self, "a list") }
    return ItemsReading(of: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  // MARK: A single value

  var it: JSONDocument.Node { document.nodes[node] }

  func decodeNil() -> Bool { it.kind == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    switch it.kind {
    case .yes: true
    case .no: false
    default: throw mismatch(type, "true or false")
    }
  }

  func decode(_ type: String.Type) throws -> String {
    guard it.kind == .text || it.kind == .escapedText else { throw mismatch(type, "a text") }
    do throws(JSONDocument.Flaw) { return try document.text(it) } catch { throw corrupted(error.words) }
  }

  func decode(_ type: Double.Type) throws -> Double { try real(type) }
  func decode(_ type: Float.Type) throws -> Float { try real(type) }
  func decode(_ type: Int.Type) throws -> Int { try whole(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

  private func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    guard it.kind == .number else { throw mismatch(type, "a number") }
    let text = document.number(it)
    if let number = Number(text) { return number }
    guard let number = WholeNumber.digits(of: text).flatMap({ Number($0) }) else {
      throw corrupted("the number \(text.prefix(40)) is no \(type)")
    }
    return number
  }

  private func real<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Number.Type) throws
    -> Number
  {
    guard it.kind == .number else { throw mismatch(type, "a number") }
    let text = document.number(it)
    guard let number = Number(text), number.isFinite else {
      throw corrupted("the number \(text.prefix(40)) is no \(type)")
    }
    return number
  }

  // MARK: Errors

  func corrupted(_ words: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: words))
  }

  private func mismatch(_ type: any Any.Type, _ wanted: String) -> DecodingError {
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: "\(wanted) is expected, not \(it.kind.words)")
    return it.kind == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }
}

extension JSONDocument.Kind {
  /// For people.
  fileprivate var words: String {
    switch self {
    case .null: "null"
    case .yes, .no: "true or false"
    case .number: "a number"
    case .text, .escapedText: "a text"
    case .list: "a list"
    case .object: "an object"
    }
  }
}
