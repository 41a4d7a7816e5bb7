import AWSClient

/// Reads the output of `phase3.sh` piece by piece, so that nothing but the answers themselves is held.
struct AnswerReader {
  /// Bytes of one answer that are believed. A host sends no more; the end of a longer one is not kept, and it ends with
  /// ``cut``.
  let longest: Int
  private(set) var answers: [String: Answers.Answer] = [:]
  private var spoilt: Set<String> = []
  private var name: String?
  private var text: [UInt8] = []
  private var isCut = false
  /// What is there of the line that has not ended.
  private var line: [UInt8] = []

  /// The exit status that `ask` gives what prints without end.
  static let cut = 125

  init(longest: Int) { self.longest = longest }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      line += rest[..<end]
      endLine()
      rest = rest[(end + 1)...]
    }
    line += rest
  }

  /// The answers, once everything was read. One that is there twice does not count.
  mutating func end() -> [String: Answers.Answer] {
    endLine()
    return answers.filter { !spoilt.contains($0.key) }
  }

  private mutating func endLine() {
    defer { line.removeAll(keepingCapacity: true) }
    switch Mark(line) {
    case nil: keep()
    case .begin(let begun):
      if answers[begun] != nil { spoilt.insert(begun) }
      name = begun
      text = []
      isCut = false
    case .end(let ended, let status):
      if ended == name {
        // The line feed in front of the mark is the mark's.
        let text = String(decoding: self.text.dropLast(), as: UTF8.self)
        answers[ended] = Answers.Answer(status: isCut ? Self.cut : status, text: text)
      }
      name = nil
      text = []
    }
  }

  private mutating func keep() {
    guard name != nil, !isCut else { return }
    isCut = text.count + line.count > longest
    text += isCut ? line.prefix(max(longest - text.count, 0)) : line[...]
    text.append(UInt8(ascii: "\n"))
  }

  private enum Mark {
    case begin(String)
    case end(String, Int)

    /// `=====[ NAME ]=====` or `=====[ end NAME STATUS ]=====`.
    init?(_ line: [UInt8]) {
      guard line.starts(with: "=====[ ".utf8), line.count < 200 else { return nil }
      let line = String(decoding: line, as: UTF8.self)
      guard line.hasSuffix(" ]=====") else { return nil }
      let words = line.dropFirst(7).dropLast(7).split(separator: " ")
      if words.count == 1 {
        self = .begin(String(words[0]))
      } else if words.count == 3, words[0] == "end", let status = Int(words[2]) {
        self = .end(String(words[1]), status)
      } else {
        return nil
      }
    }
  }
}
