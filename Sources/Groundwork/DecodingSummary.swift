extension DecodingError {
  /// Where and what, in one line.
  public var summary: String {
    let context: Context
    switch self {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
    case .keyNotFound(let key, let found):
      return "\(Self.path(found.codingPath))\(key.stringValue) is missing"
    @unknown default: return "it can't be read"
    }
    let path = Self.path(context.codingPath).dropLast()
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.map { "\($0)." }.joined()
  }
}
