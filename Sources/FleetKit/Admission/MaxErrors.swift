/// How many items may fail in a wave: a number, or a share like `10%`.
enum MaxErrors: Codable, Sendable, Equatable {
  case number(Int)
  case share(String)

  static let allowed = "a whole number from 0 to 99999, or a percentage like \"10%\""

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self), (0...99_999).contains(number) {
      self = .number(number)
      return
    }
    let text = try container.decode(String.self)
    let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
    let isNumber =
      (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    switch (isNumber ? Int(digits) : nil, text.hasSuffix("%")) {
    case (let number?, false): self = .number(number)
    case (let share?, true) where share <= 100 && digits.utf8.count <= 3: self = .share(text)
    default: throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.allowed)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .share(let text): try container.encode(text)
    }
  }
}
