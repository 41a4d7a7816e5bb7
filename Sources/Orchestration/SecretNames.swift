/// Tells by its name whether a value is a secret: by whole words, so that `max_tokens`, `kms_key_id` and `monkey` are none.
public enum SecretNames {
  private static let words: [[String]] = [
    ["password"], ["passwd"], ["secret"], ["token"], ["credential"], ["credentials"], ["apikey"],
    ["api", "key"], ["private", "key"], ["access", "key"],
  ]

  /// Whether one of the words is in a name, e.g. in `db_password`, `apiKey` or `API-KEY`.
  public static func isSecret(_ name: String) -> Bool {
    let parts = parts(of: name)
    return words.contains { word in
      parts.indices.contains { parts[$0...].starts(with: word) }
    }
  }

  /// `apiKey` is `api` and `key`; so are `api_key`, `api-key`, `API_KEY` and `APIKey`.
  private static func parts(of name: String) -> [String] {
    var parts: [String] = []
    var word = ""
    let signs = Array(name)
    for (index, sign) in signs.enumerated() {
      let next = index + 1 < signs.count ? signs[index + 1] : nil
      let before = index > 0 ? signs[index - 1] : nil
      let beginsWord =
        sign.isUppercase
        && (before?.isLowercase == true || before?.isNumber == true
          || before?.isUppercase == true && next?.isLowercase == true)
      if !sign.isLetter && !sign.isNumber || beginsWord {
        if !word.isEmpty { parts.append(word) }
        word = ""
      }
      if sign.isLetter || sign.isNumber { word += sign.lowercased() }
    }
    return word.isEmpty ? parts : parts + [word]
  }
}

extension JSONTree {
  /// Whether a secret's name is somewhere in it.
  var holdsSecretNames: Bool {
    switch self {
    case .null, .bool, .number, .text: false
    case .list(let items): items.contains(where: \.holdsSecretNames)
    case .object(let members):
      members.contains { SecretNames.isSecret($0.key) || $0.value.holdsSecretNames }
    }
  }
}
