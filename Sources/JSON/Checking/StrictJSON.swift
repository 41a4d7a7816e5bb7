import Groundwork

/// Reads JSON byte by byte before anything is made of it, so that what comes from outside costs no more memory than
/// its own size: valid UTF-8 and the grammar of RFC 8259 everywhere, no name twice in an object (whoever reads it
/// next might take the other one), bounded depth and a bounded number of values.
package struct StrictJSON {
  /// Arrays and objects inside each other.
  package static let maximumDepth = 128

  let bytes: [UInt8]
  var at = 0
  private let maximumValues: Int
  private var values = 0
  private var depth = 0
  /// The names of the objects that are open, unescaped, one behind the other, and where each of them ends.
  var names: [UInt8] = []
  private var ends: [Int] = []

  /// - Parameter maximumValues: texts, numbers, objects, arrays and names that may be in what is read.
  package init(_ bytes: [UInt8], maximumValues: Int) {
    self.bytes = bytes
    self.maximumValues = maximumValues
  }

  /// Checks the whole text.
  /// - Throws: ``JSONFlaw``.
  package mutating func check() throws(JSONFlaw) {
    skipSpace()
    try value()
    try end()
    try requireFewValues()
  }

  /// Checks the whole text, which has to be an object, and gives an object with the known members alone. Only their
  /// values count: the others are not made anything of.
  /// - Throws: ``JSONFlaw``.
  package mutating func object(keeping known: Set<String>) throws(JSONFlaw) -> [UInt8] {
    skipSpace()
    guard next == UInt8(ascii: "{") else { throw JSONFlaw(noObject: next) }
    var kept = Array("{".utf8)
    var count = 0
    try members { reader, name throws(JSONFlaw) in
      let before = reader.values
      let begin = reader.at
      try reader.value()
      guard known.contains(String(decoding: reader.names[name], as: UTF8.self)) else { return }
      count += reader.values - before
      if kept.count > 1 { kept.append(UInt8(ascii: ",")) }
      // A known name needs no escapes.
      kept += [UInt8(ascii: "\"")] + reader.names[name] + Array("\":".utf8) + reader.bytes[begin..<reader.at]
    }
    try end()
    values = count
    try requireFewValues()
    return kept + [UInt8(ascii: "}")]
  }

  private func requireFewValues() throws(JSONFlaw) {
    if values > maximumValues { throw JSONFlaw("it holds more than \(maximumValues) values") }
  }

  // MARK: Values

  private mutating func value() throws(JSONFlaw) {
    values += 1
    switch next {
    case UInt8(ascii: "{"):
      try members { reader, _ throws(JSONFlaw) in try reader.value() }
    case UInt8(ascii: "["): try elements()
    case UInt8(ascii: "\""): try text(isName: false)
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
  }

  /// An object; `take` reads a member's value and gets the place of its name in `names`.
  private mutating func members(
    _ take: (inout StrictJSON, Range<Int>) throws(JSONFlaw) -> Void
  ) throws(JSONFlaw) {
    try open()
    let (firstName, firstByte) = (ends.count, names.count)
    if !skip(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw unexpected("a name") }
        let begin = names.count
        values += 1
        try text(isName: true)
        let name = begin..<names.count
        ends.append(names.count)
        guard skip(UInt8(ascii: ":")) else { throw unexpected("a colon") }
        skipSpace()
        try take(&self, name)
      } while skip(UInt8(ascii: ","))
      guard skip(UInt8(ascii: "}")) else { throw unexpected("a comma or the end of an object") }
    }
    try requireDistinctNames(from: firstName, firstByte)
    names.removeLast(names.count - firstByte)
    ends.removeLast(ends.count - firstName)
    depth -= 1
  }

  private mutating func elements() throws(JSONFlaw) {
    try open()
    if !skip(UInt8(ascii: "]")) {
      repeat {
        skipSpace()
        try value()
      } while skip(UInt8(ascii: ","))
      guard skip(UInt8(ascii: "]")) else { throw unexpected("a comma or the end of an array") }
    }
    depth -= 1
  }

  private mutating func open() throws(JSONFlaw) {
    depth += 1
    at += 1
    if depth > Self.maximumDepth { throw JSONFlaw("it is nested deeper than \(Self.maximumDepth)") }
  }

  private func requireDistinctNames(from first: Int, _ firstByte: Int) throws(JSONFlaw) {
    guard ends.count > first + 1, !areFewAndDistinct(first, firstByte) else { return }
    let places = ends[first...].indices.map { ($0 == first ? firstByte : ends[$0 - 1])..<ends[$0] }
    let sorted = places.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
    for (one, other) in zip(sorted, sorted.dropFirst()) where names[one].elementsEqual(names[other]) {
      let name = String(decoding: names[one], as: UTF8.self).shown(bytes: 60)
      throw JSONFlaw("the name \"\(name)\" is there twice in one object")
    }
  }

  /// Whether there are so few names that comparing each with each is less than sorting them, and no two are the same.
  private func areFewAndDistinct(_ first: Int, _ firstByte: Int) -> Bool {
    guard ends.count - first <= 8 else { return false }
    for one in first..<ends.count {
      let name = names[(one == first ? firstByte : ends[one - 1])..<ends[one]]
      for other in one + 1..<ends.count where ends[other] - ends[other - 1] == name.count {
        if names[ends[other - 1]..<ends[other]].elementsEqual(name) { return false }
      }
    }
    return true
  }

  private mutating func word(_ word: StaticString) throws(JSONFlaw) {
    let count = word.utf8CodeUnitCount
    let isThere =
      at + count <= bytes.count
      && word.withUTF8Buffer { buffer in bytes[at..<at + count].elementsEqual(buffer) }
    guard isThere else { throw unexpected("a value") }
    at += count
  }

  private mutating func number() throws(JSONFlaw) {
    if next == UInt8(ascii: "-") { at += 1 }
    let begin = at
    guard digits() else { throw unexpected("a value") }
    if bytes[begin] == UInt8(ascii: "0"), at > begin + 1 {
      throw unexpected("a number without leading zeros")
    }
    if next == UInt8(ascii: ".") {
      at += 1
      guard digits() else { throw unexpected("a digit") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      at += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
      guard digits() else { throw unexpected("a digit") }
    }
  }

  /// False when there is not one.
  private mutating func digits() -> Bool {
    let begin = at
    while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
    return at > begin
  }

  // MARK: Bytes

  var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
  }

  /// Takes a sign with the space around it; false when something else is there.
  private mutating func skip(_ sign: UInt8) -> Bool {
    skipSpace()
    guard next == sign else { return false }
    at += 1
    return true
  }

  private mutating func end() throws(JSONFlaw) {
    skipSpace()
    if at < bytes.count { throw unexpected("the end") }
  }

  func unexpected(_ wanted: String) -> JSONFlaw {
    at < bytes.count
      ? JSONFlaw("\(wanted) is missing at byte \(at)") : JSONFlaw("it ends where \(wanted) is missing")
  }
}

/// What is wrong with a JSON text.
package struct JSONFlaw: Error, Sendable, Equatable, CustomStringConvertible {
  /// In words, without what the text holds, a name at most.
  package let description: String

  init(_ description: String) { self.description = description }

  /// - Parameter first: what something that should have been an object begins with.
  init(noObject first: UInt8?) {
    switch first {
    case nil: self.init("it is empty instead of an object")
    case UInt8(ascii: "["): self.init("it is an array instead of an object")
    case UInt8(ascii: "\""): self.init("it is a text instead of an object")
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      self.init("it is true, false or null instead of an object")
    case UInt8(ascii: "-"), .some(0x30...0x39): self.init("it is a number instead of an object")
    default: self.init("it is no JSON object in UTF-8")
    }
  }
}
