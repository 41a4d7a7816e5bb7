import FleetKit
import Groundwork

/// What every parameter's name begins with, e.g. `/sdwan/`.
package struct ParameterPrefix: Sendable, Equatable, CustomStringConvertible {
  /// Begins and ends with a slash.
  package let text: String

  /// A network's usual one, e.g. `/sdwan/`.
  package init(of network: DeploymentName) { text = "/\(network)/" }

  /// nil unless the text begins with `/` and holds only what a parameter's name may hold.
  package init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x2D...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F
        || (0x61...0x7A).contains(byte)
    }
    guard text.hasPrefix("/"), isPlain, !text.contains("//") else { return nil }
    self.text = text.hasSuffix("/") ? text : text + "/"
  }

  /// The full name of a parameter: `/sdwan/{name}/{type}`.
  func path(name: String, type: ParameterType) -> String { "\(text)\(name)/\(type.rawValue)" }

  /// The hierarchy to ask for, without the trailing slash.
  var hierarchy: String { text == "/" ? "/" : String(text.dropLast()) }

  /// The hierarchy of one instance.
  func hierarchy(of name: String) -> String { text + name }

  /// The text.
  package var description: String { text }
}
