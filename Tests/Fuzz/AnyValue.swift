/// Any JSON value, whatever it is.
indirect enum AnyValue: Codable, Equatable {
  case null
  case bool(Bool)
  case whole(Int)
  case real(Double)
  case text(String)
  case list([AnyValue])
  case object([String: AnyValue])

  /// What is too fine for a Double may be written as a whole number.
  static func == (one: AnyValue, other: AnyValue) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.whole(let one), .whole(let other)): one == other
    case (.real(let one), .real(let other)): one == other
    case (.whole(let whole), .real(let real)), (.real(let real), .whole(let whole)): real == Double(whole)
    case (.text(let one), .text(let other)): one == other
    case (.list(let one), .list(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let whole = try? value.decode(Int.self) {
      self = .whole(whole)
    } else if let real = try? value.decode(Double.self) {
      self = .real(real)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([AnyValue].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: AnyValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value): try value.encode(to: encoder)
    case .whole(let value): try value.encode(to: encoder)
    case .real(let value): try value.encode(to: encoder)
    case .text(let value): try value.encode(to: encoder)
    case .list(let values): try values.encode(to: encoder)
    case .object(let values): try values.encode(to: encoder)
    }
  }
}
