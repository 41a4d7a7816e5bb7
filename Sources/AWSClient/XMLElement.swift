/// An element of an XML document, as far as AWS's answers need it: names without their prefix, no attributes.
public struct XMLElement: Sendable, Equatable {
  /// Without a namespace's prefix.
  public var name: String
  /// The characters in it, its children's not among them, without the space around them.
  public var text: String
  /// In their order.
  public var children: [XMLElement]

  /// An element.
  public init(_ name: String, text: String = "", children: [XMLElement] = []) {
    self.name = name
    self.text = text
    self.children = children
  }

  /// The first child of a name.
  public subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// This element or the first one of a name in it, however deep.
  func first(_ name: String) -> XMLElement? {
    if self.name == name { return self }
    for child in children {
      if let found = child.first(name) { return found }
    }
    return nil
  }

  /// The text of an element further down, e.g. `texts("Error", "Code")`.
  public func text(_ path: String...) -> String? {
    path.reduce(Optional(self)) { $0?[$1] }?.text
  }

  /// The children of a name.
  public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// What is wrong with an XML text.
public struct XMLFlaw: Error, Sendable, Equatable, CustomStringConvertible {
  /// In words, with the byte where it is.
  public let description: String

  init(_ words: String, at byte: Int) { description = "\(words) at byte \(byte)" }
}
