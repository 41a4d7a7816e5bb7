import FleetTesting
import Foundation
import JSON
import Testing

/// Beside Foundation's coders, which are the truth here.
@Suite struct JSONPropertyTests {
  @Test func whatIsWrittenIsReadAsTheSame() throws {
    var generator = SeededGenerator("written and read")
    for _ in 0..<600 {
      let tree = Tree.any(&generator)
      let bytes = try JSONWriter().write(tree)
      #expect(try JSONReader().read(Tree.self, from: bytes) == tree)
      #expect(try JSONDecoder().decode(Tree.self, from: Data(bytes)) == tree)
    }
  }

  @Test func whatFoundationWritesIsReadAsItReadsIt() throws {
    var generator = SeededGenerator("Foundation's")
    for _ in 0..<600 {
      let encoder = JSONEncoder()
      encoder.outputFormatting =
        [[], .prettyPrinted, .withoutEscapingSlashes].randomElement(using: &generator) ?? []
      let data = try encoder.encode(Tree.any(&generator))
      let expected = try JSONDecoder().decode(Tree.self, from: data)
      #expect(try JSONReader().read(Tree.self, from: Array(data)) == expected)
      #expect(try JSONReader(brokenText: .repaired).read(Tree.self, from: Array(data)) == expected)
    }
  }

  /// Texts with an error in them: both take them for the same, or for none.
  @Test func whatIsBrokenIsRefusedWhereFoundationRefusesIt() throws {
    var generator = SeededGenerator("broken")
    var refused = 0
    for _ in 0..<3000 {
      var bytes = try JSONWriter().write(Tree.any(&generator))
      for _ in 0..<Int.random(in: 1...3, using: &generator) { change(&bytes, &generator) }
      // Foundation looks for other encodings than UTF-8 in what has zeros.
      if bytes.contains(0) || [0xFE, 0xFF].contains(bytes.first) { continue }
      let expected = try? JSONDecoder().decode(Tree.self, from: Data(bytes))
      if hasCommaBeforeAnEnd(bytes) { continue }
      let read = try? JSONReader().read(Tree.self, from: bytes)
      refused += read == nil ? 1 : 0
      #expect(read == expected, "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(refused > 300)
  }

  /// Foundation takes such a one.
  private func hasCommaBeforeAnEnd(_ bytes: [UInt8]) -> Bool {
    let shown = bytes.filter { !" \n".utf8.contains($0) }
    return zip(shown, shown.dropFirst()).contains { $0 == UInt8(ascii: ",") && "]}".utf8.contains($1) }
  }

  private func change(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let marks = Array("{}[],:\"\\0123456789.eE+-truefalsn/ bu\u{E9}\n".utf8)
    let place = Int.random(in: 0...bytes.count, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0 where place < bytes.count: bytes.remove(at: place)
    case 1 where place < bytes.count: bytes[place] = marks.randomElement(using: &generator) ?? 0x20
    case 2: bytes.removeLast(min(bytes.count, 3))
    default: bytes.insert(marks.randomElement(using: &generator) ?? 0x20, at: place)
    }
  }
}
