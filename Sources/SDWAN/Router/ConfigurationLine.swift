/// A `set` of VyOS: a path of words.
///
/// A line may say which node it makes ours: with the node's last line the node itself is to go.
///
/// Every word comes from a validated type, so that none needs quoting and none can be anything to a shell.
struct ConfigurationLine: Sendable, Equatable {
  /// What stands for the pre-shared key until the host fills it in.
  static let secretPlaceholder = "@VPN_PSK@"

  private let words: [String]
  private let endsInSecret: Bool
  /// The node that is deleted when this system does not want it any more; nil where the next value simply
  /// takes the place of this one, or where the node may be somebody else's too.
  private(set) var owned: String?

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

  /// The same line, which makes a node of its path ours; without a path all of it.
  func owning(_ node: String? = nil) -> Self {
    var line = self
    line.owned = node ?? path
    return line
  }

  /// The words that follow `set`, without the secret.
  var path: String { words.joined(separator: " ") }

  /// The line as `show configuration commands` has it, the secret masked.
  var shown: String { endsInSecret ? "\(path) ******" : path }

  /// The call in the configuration script: `must_set` shows what VyOS says about a refused line,
  /// `secretly_set` does not.
  var call: String {
    endsInSecret ? "secretly_set \(path) '\(Self.secretPlaceholder)'" : "must_set \(path)"
  }
}
