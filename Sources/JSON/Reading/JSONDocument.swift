/// A JSON text, looked through once: where its values are. Nothing is made of them before somebody asks.
final class JSONDocument {
  enum Kind: UInt8 {
    case null, yes, no, number, text, escapedText, list, object
  }

  /// A value in the order of the text; behind an object's come its members, names and values in turn. Small, for a text of 4 GiB
  /// at most: a text may be little else than brackets.
  struct Node {
    let kind: Kind
    private let first: UInt32
    private var last: UInt32
    private var following: UInt32
    private var inside: UInt32 = 0

    init(_ kind: Kind, _ begin: Int, _ end: Int, next: Int) {
      self.kind = kind
      (first, last, following) = (UInt32(begin), UInt32(end), UInt32(next))
    }

    /// Of its bytes; of a text without its quotes.
    var begin: Int { Int(first) }
    var end: Int {
      get { Int(last) }
      set { last = UInt32(newValue) }
    }
    /// The node behind it and all that it holds.
    var next: Int {
      get { Int(following) }
      set { following = UInt32(newValue) }
    }
    /// Items of a list, members of an object.
    var count: Int {
      get { Int(inside) }
      set { inside = UInt32(newValue) }
    }
  }

  let bytes: [UInt8]
  let nodes: [Node]
  let repairs: Bool

  /// - Parameter repairing: whether broken text is taken for U+FFFD.
  /// - Throws: `DecodingError` for what is no JSON.
  init(_ bytes: [UInt8], repairing: Bool) throws {
    guard bytes.count < UInt32.max else { throw Flaw(words: "it is too long", place: bytes.count).error }
    let nodes = try bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer, repairing: repairing)
      return try scanner.whole()
    }
    self.bytes = bytes
    self.nodes = nodes
    repairs = repairing
  }

  /// What a text says.
  /// - Throws: ``Flaw`` for half a surrogate pair.
  func text(_ node: Node) throws(Flaw) -> String {
    let part = bytes[node.begin..<node.end]
    guard node.kind == .escapedText else { return String(decoding: part, as: UTF8.self) }
    return try JSONEscapes.resolved(part, repairing: repairs)
  }

  /// Whether a text says this, all of it in ASCII or UTF-8 without escapes.
  func says(_ node: Node, _ text: String) -> Bool {
    guard node.kind == .text else { return (try? self.text(node)) == text }
    let count = node.end - node.begin
    guard text.utf8.count == count else { return false }
    var text = text
    let isSame = text.withUTF8 { text in
      bytes.withUnsafeBufferPointer { bytes in
        for index in 0..<count where bytes[node.begin + index] != text[index] { return false }
        return true
      }
    }
    return isSame || isEquivalent(node, text)
  }

  /// Swift's strings are equal where their characters are, whatever their bytes.
  private func isEquivalent(_ node: Node, _ text: String) -> Bool {
    bytes.withUnsafeBufferPointer { $0[node.begin..<node.end].contains { $0 >= 0x80 } }
      && String(decoding: bytes[node.begin..<node.end], as: UTF8.self) == text
  }

  /// A number as it is written.
  func number(_ node: Node) -> String { String(decoding: bytes[node.begin..<node.end], as: UTF8.self) }

  /// A text that is no JSON.
  struct Flaw: Error {
    let words: String
    /// In bytes.
    let place: Int

    var error: DecodingError {
      .dataCorrupted(.init(codingPath: [], debugDescription: "no JSON at byte \(place): \(words)"))
    }
  }
}
