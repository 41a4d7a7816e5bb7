/// A `set` of VyOS: a path of words, parted by single blanks.
///
/// A line may say which node it makes ours: with the node's last line the node itself is to go.
///
/// Every word comes from a validated type, so that none needs quoting and none can be anything to a shell.
struct ConfigurationLine: Sendable, Equatable {
  /// The words that follow `set`, without the secret.
  let path: String
  private let kind: Kind
  /// The node that is deleted when this system does not want it any more; nil where the next value simply
  /// takes the place of this one, or where the node may be somebody else's too.
  private(set) var owned: String?
  /// The node in which only this system's lines may be; nil where somebody else's are none of its business.
  private(set) var exclusive: String?

  private enum Kind: Equatable {
    case plain
    /// Ends in a pre-shared key.
    case secret(TunnelKey)
    /// Not every release of the dialect takes it, and the router does its work without.
    case optional
  }

  init(_ path: String) { self.init(.plain, path) }

  init(_ path: String, _ value: some CustomStringConvertible) {
    self.init(.plain, "\(path) \(value.description)")
  }

  private init(_ kind: Kind, _ path: String) {
    self.kind = kind
    self.path = path
  }

  /// A line that ends in a pre-shared key.
  static func secret(_ path: String, _ key: TunnelKey) -> Self { Self(.secret(key), path) }

  /// A line that a router may refuse.
  static func optional(_ path: String, _ value: some CustomStringConvertible) -> Self {
    Self(.optional, Self(path, value).path)
  }

  /// The same line, which makes a node of its path ours; without a path all of it.
  /// - Parameter alone: whether nobody else's settings may be in that node.
  func owning(_ node: String? = nil, alone: Bool = false) -> Self {
    var line = self
    line.owned = node ?? path
    line.exclusive = alone ? line.owned : nil
    return line
  }

  /// The line as a plan shows it, the secret masked.
  var shown: String { if case .secret = kind { "\(path) ******" } else { path } }

  /// The call in the configuration script, with the line's end: `must_set` shows what VyOS says about a refused line,
  /// `secretly_set` does not, `may_set` goes on without it.
  func appendCall(to script: inout String) {
    switch kind {
    case .plain: script += "must_set "
    case .secret: script += "secretly_set "
    case .optional: script += "may_set "
    }
    script += path
    if case .secret(let key) = kind { script += " '\(key.placeholder)'" }
    script += "\n"
  }
}
