import ArgumentParser

/// The manual's page, made of what `--help` says.
struct ManPage: LocalCommand {
  static let configuration = CommandConfiguration(
    commandName: "man-page", abstract: "Prints the manual's page, for man -l.", shouldDisplay: false)

  var text: String {
    let commands = Sdwan.commands.filter { $0.configuration.shouldDisplay }
    let pages = commands.map { command in
      """
      .SS \(Self.escaped("sdwan \(command._commandName)"))
      .nf
      \(Self.escaped(Sdwan.helpMessage(for: command, columns: 78)))
      .fi
      """
    }
    return """
      .TH SDWAN 1
      .SH NAME
      sdwan \\- \(Self.escaped(Sdwan.configuration.abstract))
      .SH SYNOPSIS
      .nf
      \(Self.escaped(Sdwan.helpMessage(columns: 78)))
      .fi
      .SH COMMANDS
      \(pages.joined(separator: "\n"))
      """
  }

  /// A line that begins with a point or a quote would be an order to the formatter.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let safe = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : String(safe)
    }.joined(separator: "\n")
  }
}
