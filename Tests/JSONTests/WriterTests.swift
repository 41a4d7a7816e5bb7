import Foundation
import JSON
import Testing

@Suite struct JSONWriterTests {
  private func written(_ value: some Encodable) throws -> String {
    String(decoding: try JSONWriter().write(value), as: UTF8.self)
  }

  /// As Foundation does with names in their order, to the byte.
  private func expectAsFoundation(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(try written(value) == String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  @Test func texts() throws {
    let all = (0...0x2FF).compactMap(Unicode.Scalar.init).map { String($0) }.joined()
    try expectAsFoundation([all, "", "\u{2028}", "😀", "</script>"])
  }

  @Test func numbers() throws {
    try expectAsFoundation([0, -1, .max, .min])
    try expectAsFoundation([0.1, -2.5, 3, 100, 0.5])
    try expectAsFoundation([UInt64.max])
    #expect(throws: EncodingError.self) { try written(Double.nan) }
    #expect(throws: EncodingError.self) { try written([Double.infinity]) }
  }

  @Test func listsAndObjects() throws {
    try expectAsFoundation(["b": ["x": 1], "a": [:], "": ["z": -1, "aa": 2, "a": 3]])
    try expectAsFoundation([[Int]]())
    try expectAsFoundation([String?.none, "x"])
    try expectAsFoundation(true)
  }

  @Test func containersMayBeFilledInAnyOrder() throws {
    struct Odd: Encodable {
      enum Key: CodingKey { case list, object, twice }
      func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Key.self)
        var list = outer.nestedUnkeyedContainer(forKey: .list)
        var object = outer.nestedContainer(keyedBy: Key.self, forKey: .object)
        try list.encode(1)
        try object.encode("a", forKey: .list)
        try outer.encode(1, forKey: .twice)
        var inner = list.nestedContainer(keyedBy: Key.self)
        try outer.encode(2, forKey: .twice)
        var again = outer.nestedContainer(keyedBy: Key.self, forKey: .object)
        try again.encode("b", forKey: .object)
        try inner.encodeNil(forKey: .twice)
        try list.encodeNil()
        #expect(list.count == 3)
      }
    }
    #expect(
      try written(Odd()) == #"{"list":[1,{"twice":null},null],"object":{"list":"a","object":"b"},"twice":2}"#)
    try expectAsFoundation(Odd())
  }
}
