import Foundation

/// JSON of what is known by name only.
enum JSONText {
  static func object(_ fields: [String: any Encodable & Sendable]) -> [UInt8] {
    let wrapped = fields.mapValues { Anything(value: $0) }
    return (try? JSONEncoder().encode(wrapped)).map(Array.init) ?? []
  }

  static func read<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
    try? JSONDecoder().decode(type, from: Data(bytes))
  }

  private struct Anything: Encodable {
    let value: any Encodable & Sendable

    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
  }
}

/// Any JSON, handed on as it came.
enum RawJSON: Codable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([RawJSON])
  case object([String: RawJSON])

  /// Of a list those that are texts; of anything else none.
  var texts: [String] {
    guard case .list(let all) = self else { return [] }
    return all.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([RawJSON].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: RawJSON].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let object): try container.encode(object)
    }
  }
}
