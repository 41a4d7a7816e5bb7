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
