/// An AWS region's name, e.g. `us-east-1`.
public struct Region: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// As in an ARN.
  public let name: String

  /// nil unless the name has the form of a region's, words of a-z and a number of one or two digits parted by `-`, 63
  /// bytes at most: it becomes a part of host names and shell scripts, and a request with a signature goes there.
  public init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let words = parts.dropLast()
    let isWord = { (part: Substring) in
      !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
    guard name.utf8.count <= 63, (3...6).contains(parts.count), words.allSatisfy(isWord),
      let number = parts.last,
      (1...2).contains(number.utf8.count), number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    self.name = name
  }

  /// One whose name needs no check, since it stands in the source.
  init(known name: String) { self.name = name }

  /// us-east-1.
  public static let virginia = Region(known: "us-east-1")
  /// eu-central-1.
  public static let frankfurt = Region(known: "eu-central-1")

  /// The name.
  public var description: String { name }

  /// By name.
  public static func < (left: Self, right: Self) -> Bool { left.name < right.name }
}
