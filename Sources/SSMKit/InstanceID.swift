/// An EC2 instance id (`i-…`) or the id of a managed node (`mi-…`).
public struct InstanceID: Sendable, Hashable, CustomStringConvertible {
  /// The id.
  public let text: String

  /// nil unless it is `i-` or `mi-` and 8 to 17 letters and digits (the pattern of SSM's InstanceId).
  public init?(_ text: String) {
    guard let dash = text.firstIndex(of: "-"), ["i", "mi"].contains(text[..<dash]) else { return nil }
    let rest = text[text.index(after: dash)...]
    let isPlain = rest.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
    }
    guard (8...17).contains(rest.utf8.count), isPlain else { return nil }
    self.text = text
  }

  /// The id.
  public var description: String { text }
}
