import Glibc

/// An answer's header lines as they came. Most of them nobody asks for, so each is read when somebody does.
struct ReceivedLines: Sendable {
  /// Lines with their line breaks.
  private var bytes: [UInt8] = []

  var isEmpty: Bool { bytes.isEmpty }

  /// - Parameter line: one line, with its line break.
  mutating func append(_ line: UnsafeRawBufferPointer) {
    // Room for the dozen that AWS sends.
    if bytes.isEmpty { bytes.reserveCapacity(1024) }
    bytes.append(contentsOf: line)
  }

  /// All of them; a line without a colon is none.
  var fields: [HTTPHeaders.Field] {
    var fields: [HTTPHeaders.Field] = []
    _ = firstLine { line -> Never? in
      if let field = HTTPHeaders.Field(line: line) { fields.append(field) }
      return nil
    }
    return fields
  }

  /// The first value of a name, whatever the case of its letters.
  func value(of name: String) -> String? {
    var name = name
    return name.withUTF8 { name in
      firstLine { line in
        guard line.count > name.count, line[name.count] == UInt8(ascii: ":"), let wanted = name.baseAddress,
          let given = line.baseAddress?.assumingMemoryBound(to: UInt8.self),
          strncasecmp(given, wanted, name.count) == 0
        else { return nil }
        return HTTPHeaders.Field.value(of: line, behind: name.count)
      }
    }
  }

  /// What the first line that has an answer to a question says.
  private func firstLine<Answer>(_ answer: (UnsafeRawBufferPointer) -> Answer?) -> Answer? {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while let start = rest.baseAddress {
        let end = memchr(start, Int32(UInt8(ascii: "\n")), rest.count).map {
          UnsafeRawPointer($0) - start + 1
        }
        let line = UnsafeRawBufferPointer(rebasing: rest[..<(end ?? rest.count)])
        if let found = answer(line) { return found }
        rest = UnsafeRawBufferPointer(rebasing: rest[line.count...])
        if rest.isEmpty { break }
      }
      return nil
    }
  }
}
