/// A value of a JSON text, for those who read thousands: `Decodable` takes its containers' types, their keys and the way to
/// each value along.
package struct JSONValue {
  private let document: JSONDocument
  private let node: Int

  /// The value that a whole text holds.
  /// - Throws: `DecodingError` for what is no JSON.
  package init(_ bytes: [UInt8]) throws {
    self.init(document: try JSONDocument(bytes, repairing: false), node: 0)
  }

  private init(document: JSONDocument, node: Int) {
    self.document = document
    self.node = node
  }

  private var it: JSONDocument.Node { document.nodes[node] }

  /// nil where it is no text, or holds half a character.
  package var text: String? {
    guard it.kind == .text || it.kind == .escapedText else { return nil }
    return try? document.text(it)
  }

  /// nil where it is no whole number.
  package var whole: Int? {
    try? ValueReading(document: document, node: node, path: .root, userInfo: [:]).decode(Int.self)
  }

  /// nil where it is no list.
  package var items: [JSONValue]? {
    guard it.kind == .list else { return nil }
    var items: [JSONValue] = []
    items.reserveCapacity(it.count)
    var next = node + 1
    for _ in 0..<it.count {
      items.append(JSONValue(document: document, node: next))
      next = document.nodes[next].next
    }
    return items
  }

  /// In the order of the text; nil where it is no object. A name that can't be read is empty.
  package var members: [(name: String, value: JSONValue)]? {
    guard it.kind == .object else { return nil }
    var members: [(name: String, value: JSONValue)] = []
    members.reserveCapacity(it.count)
    var next = node + 1
    for _ in 0..<it.count {
      let name = (try? document.text(document.nodes[next])) ?? ""
      members.append((name, JSONValue(document: document, node: next + 1)))
      next = document.nodes[next + 1].next
    }
    return members
  }

  /// The first member of a name; nil where there is none, or it is null, or this is no object. It takes time in proportion to
  /// the object's size.
  package subscript(name: String) -> JSONValue? {
    guard it.kind == .object else { return nil }
    var next = node + 1
    for _ in 0..<it.count {
      if document.says(document.nodes[next], name) {
        return document.nodes[next + 1].kind == .null ? nil : JSONValue(document: document, node: next + 1)
      }
      next = document.nodes[next + 1].next
    }
    return nil
  }
}
