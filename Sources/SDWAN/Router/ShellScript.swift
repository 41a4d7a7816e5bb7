/// A script for a host: a template, which is a whole shell program, with typed values put in front of it.
///
/// The values stand in front of the template as read-only variables and as functions that print a text, so that the template
/// itself can be read, changed and checked as it is.
struct ShellScript: Sendable {
  private static let endOfText = "SDWAN_END_OF_TEXT"

  private var values: [String] = []

  init() {}

  /// A read-only variable.
  mutating func set(_ name: StaticString, _ value: some CustomStringConvertible) {
    values.append("readonly \(name)=\(Self.quoted(value.description))")
  }

  /// A function that prints a text as it is, without expanding anything in it.
  /// - Parameter library: another such function, whose text comes first.
  mutating func setText(_ name: StaticString, behind library: StaticString? = nil, _ text: String) {
    let body = text.hasSuffix("\n") ? text : text + "\n"
    let first = library.map { "  \($0)\n" } ?? ""
    values.append("\(name)() {\n\(first)  cat <<'\(Self.endOfText)'\n\(body)\(Self.endOfText)\n}")
  }

  /// The script as it is sent.
  func rendered(_ templates: [Template]) -> String {
    let parts = values + templates.map(\.text)
    var script = "#!/bin/bash"
    // Once: a text that grows is copied again and again.
    script.reserveCapacity(parts.reduce(script.utf8.count) { $0 + 1 + $1.utf8.count })
    for part in parts {
      script += "\n"
      script += part
    }
    return script
  }

  /// A word that means exactly this text to a shell.
  static func quoted(_ text: String) -> String {
    let quote = UInt8(ascii: "'")
    guard text.utf8.contains(quote) else { return "'\(text)'" }
    let parts = text.utf8.split(separator: quote, omittingEmptySubsequences: false)
    return "'" + parts.map { String(Substring($0)) }.joined(separator: "'\\''") + "'"
  }
}
