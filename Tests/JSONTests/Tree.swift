import FleetTesting

/// Any JSON value, through Codable.
indirect enum Tree: Codable, Equatable {
  case null
  case bool(Bool)
  case whole(Int)
  case real(Double)
  case text(String)
  case list([Tree])
  case object([String: Tree])

  /// What is written as 1e3 may be read as a whole number, what is too small for a Double as 0.
  static func == (one: Tree, other: Tree) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.whole(let one), .whole(let other)): one == other
    case (.real(let one), .real(let other)): one == other
    case (.whole(let whole), .real(let real)), (.real(let real), .whole(let whole)):
      real == Double(whole)
    case (.text(let one), .text(let other)): one == other
    case (.list(let one), .list(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Name.self) {
      self = .object(
        Dictionary(
          try members.allKeys.map { ($0.stringValue, try members.decode(Tree.self, forKey: $0)) },
          uniquingKeysWith: { first, _ in first }))
    } else if var items = try? decoder.unkeyedContainer() {
      var list: [Tree] = []
      while !items.isAtEnd { list.append(try items.decode(Tree.self)) }
      self = .list(list)
    } else {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let bool = try? value.decode(Bool.self) {
        self = .bool(bool)
      } else if let whole = try? value.decode(Int.self) {
        self = .whole(whole)
      } else if let real = try? value.decode(Double.self) {
        self = .real(real)
      } else {
        self = .text(try value.decode(String.self))
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let members):
      var container = encoder.container(keyedBy: Name.self)
      for (name, value) in members { try container.encode(value, forKey: Name(name)) }
    case .list(let items):
      var container = encoder.unkeyedContainer()
      for item in items { try container.encode(item) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value): try value.encode(to: encoder)
    case .whole(let value): try value.encode(to: encoder)
    case .real(let value): try value.encode(to: encoder)
    case .text(let value): try value.encode(to: encoder)
    }
  }

  struct Name: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { return nil }
  }

  /// Any value, not very deep.
  static func any(_ generator: inout SeededGenerator, depth: Int = 0) -> Tree {
    switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &generator) {
    case 0: .null
    case 1: .bool(.random(using: &generator))
    case 2: .whole(.random(in: .min ... .max, using: &generator) >> Int.random(in: 0..<64, using: &generator))
    case 3: .real(real(&generator))
    case 4, 5: .text(text(&generator))
    case 6:
      .list((0..<Int.random(in: 0...5, using: &generator)).map { _ in any(&generator, depth: depth + 1) })
    default:
      .object(
        Dictionary(
          (0..<Int.random(in: 0...14, using: &generator)).map { _ in
            (text(&generator), any(&generator, depth: depth + 1))
          }, uniquingKeysWith: { first, _ in first }))
    }
  }

  private static func real(_ generator: inout SeededGenerator) -> Double {
    let value = Double(bitPattern: .random(in: .min ... .max, using: &generator))
    return value.isFinite ? value : 0.1
  }

  /// Short, of all kinds of characters.
  static func text(_ generator: inout SeededGenerator) -> String {
    let kinds: [ClosedRange<UInt32>] = [
      0x61...0x7A, 0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      let kind = kinds.randomElement(using: &generator) ?? kinds[0]
      if let scalar = Unicode.Scalar(UInt32.random(in: kind, using: &generator)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
