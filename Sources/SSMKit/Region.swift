/// An AWS region's name, e.g. `us-east-1`.
public struct Region: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// As in an ARN.
  public let name: String

  /// nil unless the name has the form of a region's: it becomes a part of host names and shell scripts.
  public init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let words = parts.dropLast()
    let isWord = { (part: Substring) in
      !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
    guard (3...6).contains(parts.count), words.allSatisfy(isWord), let number = parts.last,
      (1...2).contains(number.utf8.count), number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    self.name = name
  }

  private init(known name: String) { self.name = name }

  /// us-east-1.
  public static let virginia = Region(known: "us-east-1")
  /// eu-central-1.
  public static let frankfurt = Region(known: "eu-central-1")

  /// The region of an instance by the naming convention: `nv-…` is in us-east-1, `fra-…` in eu-central-1;
  /// nil for other names.
  public static func ofInstance(named name: String) -> Region? {
    if name.hasPrefix("nv-") { return .virginia }
    if name.hasPrefix("fra-") { return .frankfurt }
    return nil
  }

  /// The name.
  public var description: String { name }

  /// By name.
  public static func < (left: Self, right: Self) -> Bool { left.name < right.name }
}
