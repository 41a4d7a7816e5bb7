/// The name of a deployment, which the names of all that belongs to it begin with, e.g. `sdwan`.
public struct DeploymentName: Sendable, Equatable, CustomStringConvertible {
  /// Longer ones would not fit into the names of what AWS keeps for a deployment.
  private static let longest = 64

  /// What a name may be, for people.
  package static let allowed = "lower-case letters, digits and hyphens, beginning with a letter"

  /// As in the names of functions and roles.
  public let text: String

  /// nil unless the text is a-z, 0-9 and hyphens, begins with a letter, ends with no hyphen and has 64 bytes at most: it
  /// becomes a part of parameters' paths and of scripts.
  public init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }
    guard isPlain, let first = text.utf8.first, (0x61...0x7A).contains(first), !text.hasSuffix("-"),
      text.utf8.count <= Self.longest
    else { return nil }
    self.text = text
  }

  /// A name that is known to be one.
  package init(known text: String) { self.text = text }

  /// The text.
  public var description: String { text }
}
