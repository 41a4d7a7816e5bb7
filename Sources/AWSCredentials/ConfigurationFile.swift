import Groundwork

/// A file of the AWS SDKs' shared configuration: sections of names and values, some of which have names and values of
/// their own below them (the SDKs' and Tools' reference guide, "Shared config and credentials files").
struct ConfigurationFile: Sendable, Equatable {
  /// What stands under a section's header.
  struct Section: Sendable, Equatable {
    /// By name, in lower case.
    var values: [String: String] = [:]
    /// Values below a name without one, e.g. those of a service in `[services …]`.
    var nested: [String: [String: String]] = [:]
  }

  /// By header without its brackets and quotes, with single spaces.
  private(set) var sections: [String: Section] = [:]

  /// Reads what can be read; a line that is none is passed over, as the SDKs do.
  init(_ text: String) {
    var (header, name): (String?, String?) = (nil, nil)
    for line in text.split(whereSeparator: \.isNewline) {
      let isNested = line.first?.isWhitespace ?? false
      let content = line.trimmed
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      if !isNested, content.hasPrefix("[") {
        header = Self.header(content)
        name = nil
        if let header { sections[header, default: Section()] = sections[header] ?? Section() }
      } else if let header, let (key, value) = Self.pair(content) {
        if isNested, let name {
          sections[header]?.nested[name, default: [:]][key] = value
        } else {
          name = key
          sections[header]?.values[key] = value
        }
      }
    }
  }

  private static func header(_ line: Substring) -> String? {
    guard let end = line.lastIndex(of: "]") else { return nil }
    let words = line[line.index(after: line.startIndex)..<end].split(whereSeparator: \.isWhitespace)
    return words.map { $0.trimming { $0 == "\"" || $0 == "'" } }.joined(separator: " ")
  }

  private static func pair(_ line: Substring) -> (String, String)? {
    guard let sign = line.firstIndex(of: "=") else { return nil }
    let key = line[..<sign].trimmed.lowercased()
    return key.isEmpty ? nil : (key, String(withoutComment(line[line.index(after: sign)...]).trimmed))
  }

  /// A comment behind a value has a space before it: `#` may be part of a secret.
  private static func withoutComment(_ value: Substring) -> Substring {
    var before: Character = " "
    for index in value.indices {
      if value[index] == "#" || value[index] == ";", before.isWhitespace, index > value.startIndex {
        return value[..<index]
      }
      before = value[index]
    }
    return value
  }
}

extension Substring {
  /// Without the space around it.
  fileprivate var trimmed: Substring { Substring(trimming(\.isWhitespace)) }

  fileprivate func trimming(_ isSuperfluous: (Character) -> Bool) -> String {
    var text = drop(while: isSuperfluous)
    while let last = text.last, isSuperfluous(last) { text.removeLast() }
    return String(text)
  }
}
