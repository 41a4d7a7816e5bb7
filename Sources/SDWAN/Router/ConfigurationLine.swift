/// A `set` of VyOS: a path of words.
///
/// Every word comes from a validated type, so that none needs quoting and none can be anything to a shell.
struct ConfigurationLine: Sendable, Equatable {
  /// What stands for the pre-shared key until the host fills it in.
  static let secretPlaceholder = "@VPN_PSK@"

  private let words: [String]
  private let endsInSecret: Bool

  init(_ path: String, _ value: (any CustomStringConvertible)? = nil) {
    words = path.split(separator: " ").map(String.init) + (value.map { [$0.description] } ?? [])
    endsInSecret = false
  }

  private init(secretAt path: String) {
    words = path.split(separator: " ").map(String.init)
    endsInSecret = true
  }

  /// A line that ends in the pre-shared key.
  static func secret(_ path: String) -> Self { Self(secretAt: path) }

  /// The call in the configuration script: `must_set` shows what VyOS says about a refused line,
  /// `secretly_set` does not.
  var call: String {
    let path = words.joined(separator: " ")
    return endsInSecret ? "secretly_set \(path) '\(Self.secretPlaceholder)'" : "must_set \(path)"
  }
}
