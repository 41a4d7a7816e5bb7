import AWSClient
import JSON
import Groundwork

/// Any JSON, its numbers as they were written: what goes in comes out equal.
public indirect enum JSONTree: Sendable, Equatable {
  case null
  case bool(Bool)
  /// As RFC 8259 writes it, e.g. `1e400`.
  case number(String)
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])

  /// Values that a text may hold.
  static let mostValues = 250_000

  /// - Throws: ``JSONTreeFlaw`` for what is no JSON.
  public init(_ text: String) throws(JSONTreeFlaw) {
    let bytes = Array(text.utf8)
    var strict = StrictJSON(bytes, maximumValues: Self.mostValues)
    do throws(JSONFlaw) { try strict.check() } catch { throw JSONTreeFlaw(description: "\(error)") }
    var reader = JSONTreeReader(bytes)
    self = reader.value()
    if let flaw = reader.flaw { throw JSONTreeFlaw(description: flaw) }
  }

  /// As JSON on one line, the names in their order. What would look like Parameter Store's `{{` is escaped.
  public var json: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .text(let text): Self.quoted(text)
    case .list(let items): "[\(items.map(\.json).joined(separator: ","))]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\($0.value.json)" }
        .joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var json = JSONText()
    json.append(string: text)
    let written = String(decoding: json.bytes, as: UTF8.self)
    guard written.contains("{{") else { return written }
    var safe = ""
    var rest = written[...]
    while let found = rest.firstRange(of: "{{") {
      safe += rest[..<found.lowerBound] + "\\u007b\\u007b"
      rest = rest[found.upperBound...]
    }
    return safe + rest
  }
}

/// A text that is no JSON.
public struct JSONTreeFlaw: Error, Sendable, Equatable, CustomStringConvertible {
  /// In words, without what the text holds.
  public let description: String
}

/// Makes a tree of bytes that are known to be JSON.
private struct JSONTreeReader {
  /// What no tree can hold although it is JSON.
  private(set) var flaw: String?
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func value() -> JSONTree {
    skipSpace()
    switch bytes[at] {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return list()
    case UInt8(ascii: "\""): return .text(text())
    case UInt8(ascii: "t"):
      at += 4
      return .bool(true)
    case UInt8(ascii: "f"):
      at += 5
      return .bool(false)
    case UInt8(ascii: "n"):
      at += 4
      return .null
    default:
      let begin = at
      while at < bytes.count, !",]}".utf8.contains(bytes[at]), !Self.isSpace(bytes[at]) { at += 1 }
      return .number(String(decoding: bytes[begin..<at], as: UTF8.self))
    }
  }

  private mutating func object() -> JSONTree {
    var members: [String: JSONTree] = [:]
    while step(to: UInt8(ascii: "}")) {
      let name = text()
      skipSpace()
      at += 1  // the colon
      if members.updateValue(value(), forKey: name) != nil {
        flaw = "two names in one object are the same characters in other bytes: \(name.shown(bytes: 60))"
      }
    }
    return .object(members)
  }

  private mutating func list() -> JSONTree {
    var items: [JSONTree] = []
    while step(to: UInt8(ascii: "]")) { items.append(value()) }
    return .list(items)
  }

  /// Over the beginning or a comma to the next member; false over the end.
  private mutating func step(to end: UInt8) -> Bool {
    skipSpace()
    if bytes[at] == end {
      at += 1
      return false
    }
    at += 1
    skipSpace()
    if bytes[at] == end {
      at += 1
      return false
    }
    return true
  }

  private mutating func text() -> String {
    let begin = at
    at += 1
    while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    at += 1
    guard let text = try? JSONReader().read(String.self, from: Array(bytes[begin..<at])) else {
      flaw = "a text holds half a surrogate pair, which is no character"
      return ""
    }
    return text
  }

  private mutating func skipSpace() { while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 } }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
