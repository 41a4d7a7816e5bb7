/// Reads XML 1.0 as AWS writes it: elements, characters, the five named entities and numbered ones, CDATA, comments and a
/// declaration. A document type is refused: nothing of ours has one, and entities of its own could grow without end.
public struct XMLReader {
  /// Elements inside each other.
  private static let maximumDepth = 64

  private let bytes: [UInt8]
  private var at = 0

  /// The root element of a document.
  /// - Throws: ``XMLFlaw`` that says what is wrong, and where.
  public static func read(_ bytes: [UInt8]) throws(XMLFlaw) -> XMLElement {
    var reader = XMLReader(bytes: bytes)
    return try reader.document()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func document() throws(XMLFlaw) -> XMLElement {
    try skipMisc()
    let root = try element(depth: 0)
    try skipMisc()
    guard at == bytes.count else { throw flaw("something follows the root element") }
    return root
  }

  // MARK: Elements

  private mutating func element(depth: Int) throws(XMLFlaw) -> XMLElement {
    guard depth < Self.maximumDepth else { throw flaw("elements are nested too deeply") }
    guard skip("<") else { throw flaw("an element is missing") }
    let whole = try name()
    var element = XMLElement(Self.withoutPrefix(whole))
    try attributes()
    if skip("/>") { return element }
    guard skip(">") else { throw flaw("an element's begin is not closed") }
    var text: [UInt8] = []
    while !skip("</") {
      if skip("<!--") {
        try skipPast("-->")
      } else if skip("<![CDATA[") {
        let begin = at
        try skipPast("]]>")
        text += bytes[begin..<at - 3]
      } else if skip("<?") {
        try skipPast("?>")
      } else if next == UInt8(ascii: "<") {
        element.children.append(try self.element(depth: depth + 1))
      } else {
        try character(into: &text)
      }
    }
    guard try name() == whole else { throw flaw("an element ends under another name") }
    skipSpace()
    guard skip(">") else { throw flaw("an element's end is not closed") }
    element.text = Self.trimmed(text)
    return element
  }

  private mutating func attributes() throws(XMLFlaw) {
    while true {
      skipSpace()
      guard let byte = next else { throw flaw("an element's begin is cut off") }
      if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { return }
      _ = try name()
      skipSpace()
      guard skip("=") else { throw flaw("an attribute has no value") }
      skipSpace()
      guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
        throw flaw("an attribute's value has no quotes")
      }
      at += 1
      while let byte = next, byte != quote { at += 1 }
      guard next == quote else { throw flaw("an attribute's value is cut off") }
      at += 1
    }
  }

  private mutating func name() throws(XMLFlaw) -> [UInt8] {
    let begin = at
    while let byte = next, Self.mayBeInName(byte) { at += 1 }
    guard at > begin else { throw flaw("a name is missing") }
    return Array(bytes[begin..<at])
  }

  private static func mayBeInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: ":"), 0x80...:
      true
    default: false
    }
  }

  private static func withoutPrefix(_ name: [UInt8]) -> String {
    let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name[...]
    return String(decoding: local, as: UTF8.self)
  }

  private static func trimmed(_ text: [UInt8]) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = text.firstIndex(where: { !isSpace($0) }),
      let last = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(decoding: text[first...last], as: UTF8.self)
  }

  // MARK: Characters

  private mutating func character(into text: inout [UInt8]) throws(XMLFlaw) {
    guard let byte = next else { throw flaw("an element is cut off") }
    guard byte == UInt8(ascii: "&") else {
      text.append(byte)
      at += 1
      return
    }
    guard let end = bytes[at...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
      throw flaw("an entity is not closed")
    }
    let entity = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
    guard let scalar = Self.scalar(entity) else { throw flaw("there is no entity \(entity)") }
    text += String(scalar).utf8
    at = end + 1
  }

  private static func scalar(_ entity: String) -> Character? {
    switch entity {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard entity.hasPrefix("#") else { return nil }
    let digits = entity.dropFirst()
    let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let number, number > 0 else { return nil }
    return Unicode.Scalar(number).map { Character($0) }
  }

  // MARK: Bytes

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { at += 1 }
  }

  private mutating func skip(_ sign: StaticString) -> Bool {
    let count = sign.utf8CodeUnitCount
    guard at + count <= bytes.count,
      sign.withUTF8Buffer({ buffer in bytes[at..<at + count].elementsEqual(buffer) })
    else { return false }
    at += count
    return true
  }

  private mutating func skipPast(_ sign: StaticString) throws(XMLFlaw) {
    while at < bytes.count {
      if skip(sign) { return }
      at += 1
    }
    throw flaw("\(sign) is missing")
  }

  /// What may stand around the root element.
  private mutating func skipMisc() throws(XMLFlaw) {
    _ = skip("\u{FEFF}")
    while true {
      skipSpace()
      if skip("<?") {
        try skipPast("?>")
      } else if skip("<!--") {
        try skipPast("-->")
      } else {
        return
      }
    }
  }

  private func flaw(_ words: String) -> XMLFlaw { XMLFlaw(words, at: at) }
}
