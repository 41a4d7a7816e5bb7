/// A script for a host: a template, which is a whole shell program, with typed values put in front of it.
///
/// A template's first line stays the first line; the values follow it as read-only variables and as
/// functions that print a text, so that the template itself can be read, changed and checked as it is.
struct ShellScript: Sendable {
  private static let endOfText = "SDWAN_END_OF_TEXT"

  private var values: [String] = []

  init() {}

  /// A read-only variable.
  mutating func set(_ name: StaticString, _ value: some CustomStringConvertible) {
    values.append("readonly \(name)=\(Self.quoted(value.description))")
  }

  /// A function that prints a text as it is, without expanding anything in it.
  mutating func setText(_ name: StaticString, _ text: String) {
    let body = text.hasSuffix("\n") ? text : text + "\n"
    values.append("\(name)() {\n  cat <<'\(Self.endOfText)'\n\(body)\(Self.endOfText)\n}")
  }

  /// The script as it is sent.
  func rendered(_ templates: [[UInt8]]) -> String {
    let programs = templates.map { String(decoding: $0, as: UTF8.self).droppingFirstLine }
    return (["#!/bin/bash"] + values + programs).joined(separator: "\n")
  }

  /// A word that means exactly this text to a shell.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

extension String {
  fileprivate var droppingFirstLine: String {
    guard let newline = firstIndex(of: "\n") else { return "" }
    return String(self[index(after: newline)...])
  }
}
