/// A minor version of Kubernetes, e.g. `1.33`.
struct KubernetesVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  let major: Int
  let minor: Int

  /// nil unless the text is two numbers without leading zeros and a point between.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else {
      return nil
    }
    self.major = major
    self.minor = minor
  }

  private init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      text == "0" || !text.hasPrefix("0")
    else { return nil }
    return Int(text)
  }

  /// The one before; nil before the first.
  var previous: Self? { minor > 0 ? Self(major: major, minor: minor - 1) : nil }

  var description: String { "\(major).\(minor)" }

  static func < (left: Self, right: Self) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
}

/// The version of an add-on, e.g. `v1.19.2-eksbuild.1`: compared number by number.
struct AddonNumber: Comparable {
  let numbers: [Int]

  init(_ text: String) {
    numbers = text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
  }

  static func < (left: Self, right: Self) -> Bool { left.numbers.lexicographicallyPrecedes(right.numbers) }
}
