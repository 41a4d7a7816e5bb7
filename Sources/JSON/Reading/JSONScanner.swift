/// Looks through a JSON text once.
struct JSONScanner {
  typealias Node = JSONDocument.Node
  typealias Flaw = JSONDocument.Flaw

  private let bytes: UnsafeBufferPointer<UInt8>
  private let repairs: Bool
  private var at = 0
  private var nodes: [Node] = []
  /// Of all texts so far; there is nothing else in JSON.
  private var isASCII = true

  init(_ bytes: UnsafeBufferPointer<UInt8>, repairing: Bool) {
    self.bytes = bytes
    repairs = repairing
    nodes.reserveCapacity(min(bytes.count / 12 + 1, 1 << 16))
  }

  /// All values of the text.
  mutating func whole() throws -> [Node] {
    do throws(Flaw) {
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
      try value(depth: 0)
      skipSpace()
      guard at == bytes.count else { throw flaw("something stands behind the value") }
      if !repairs, let place = brokenUTF8() { throw Flaw(words: "it is not UTF-8", place: place) }
      return nodes
    } catch {
      throw error.error
    }
  }

  private mutating func value(depth: Int) throws(Flaw) {
    skipSpace()
    guard at < bytes.count else { throw flaw("it ends in the middle") }
    switch bytes[at] {
    case UInt8(ascii: "\""): try text()
    case UInt8(ascii: "{"): try object(depth + 1)
    case UInt8(ascii: "["): try list(depth + 1)
    case UInt8(ascii: "t"): try word("true", .yes)
    case UInt8(ascii: "f"): try word("false", .no)
    case UInt8(ascii: "n"): try word("null", .null)
    default: try number()
    }
  }

  // MARK: Lists and objects

  private mutating func object(_ depth: Int) throws(Flaw) {
    let node = try enter(.object, depth)
    guard !steps(over: UInt8(ascii: "}")) else { return leave(node) }
    repeat {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw flaw("a name is expected") }
      try text()
      guard steps(over: UInt8(ascii: ":")) else { throw flaw("a colon is expected") }
      try value(depth: depth)
      nodes[node].count += 1
    } while steps(over: UInt8(ascii: ","))
    guard steps(over: UInt8(ascii: "}")) else { throw flaw("a comma or a brace is expected") }
    leave(node)
  }

  private mutating func list(_ depth: Int) throws(Flaw) {
    let node = try enter(.list, depth)
    guard !steps(over: UInt8(ascii: "]")) else { return leave(node) }
    repeat {
      try value(depth: depth)
      nodes[node].count += 1
    } while steps(over: UInt8(ascii: ","))
    guard steps(over: UInt8(ascii: "]")) else { throw flaw("a comma or a bracket is expected") }
    leave(node)
  }

  private mutating func enter(_ kind: JSONDocument.Kind, _ depth: Int) throws(Flaw) -> Int {
    guard depth <= JSONReader.deepest else { throw flaw("more than \(JSONReader.deepest) levels") }
    nodes.append(Node(kind, at, at, next: 0))
    at += 1
    return nodes.count - 1
  }

  private mutating func leave(_ node: Int) {
    nodes[node].end = at
    nodes[node].next = nodes.count
  }

  private mutating func append(_ kind: JSONDocument.Kind, _ begin: Int, _ end: Int) {
    nodes.append(Node(kind, begin, end, next: nodes.count + 1))
  }

  // MARK: Texts, words, numbers

  private mutating func text() throws(Flaw) {
    at += 1
    let begin = at
    var kind = JSONDocument.Kind.text
    while true {
      let plain = PlainText.end(in: bytes, from: at)
      (at, isASCII) = (plain.at, isASCII && plain.isASCII)
      guard at < bytes.count else { break }
      switch bytes[at] {
      case UInt8(ascii: "\""):
        append(kind, begin, at)
        at += 1
        return
      case UInt8(ascii: "\\"):
        kind = .escapedText
        at += try JSONEscapes.length(bytes, at)
      default: throw flaw("a control character stands in a text")
      }
    }
    throw flaw("a text does not end")
  }

  private mutating func word(_ word: StaticString, _ kind: JSONDocument.Kind) throws(Flaw) {
    let end = at + word.utf8CodeUnitCount
    guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[at..<end]) }) else {
      throw flaw("\(word) is expected")
    }
    append(kind, at, end)
    at = end
  }

  private mutating func number() throws(Flaw) {
    let begin = at
    if peek(UInt8(ascii: "-")) { at += 1 }
    let whole = digits()
    guard whole > 0 else { throw flaw("a value is expected") }
    guard whole == 1 || bytes[at - whole] != UInt8(ascii: "0") else { throw flaw("a number begins with 0") }
    if peek(UInt8(ascii: ".")) {
      at += 1
      guard digits() > 0 else { throw flaw("a digit is expected") }
    }
    if peek(UInt8(ascii: "e")) || peek(UInt8(ascii: "E")) {
      at += 1
      if peek(UInt8(ascii: "+")) || peek(UInt8(ascii: "-")) { at += 1 }
      guard digits() > 0 else { throw flaw("a digit is expected") }
    }
    append(.number, begin, at)
  }

  private mutating func digits() -> Int {
    let begin = at
    while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    return at - begin
  }

  // MARK: Bytes

  private func peek(_ byte: UInt8) -> Bool { at < bytes.count && bytes[at] == byte }

  private mutating func steps(over byte: UInt8) -> Bool {
    skipSpace()
    guard peek(byte) else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
      at += 1
    }
  }

  /// A place before which the text is UTF-8, where it is not all of it.
  private func brokenUTF8() -> Int? {
    guard !isASCII else { return nil }
    return String(validating: bytes, as: UTF8.self) == nil ? bytes.firstIndex { $0 >= 0x80 } : nil
  }

  private func flaw(_ words: String) -> Flaw { Flaw(words: words, place: at) }
}
