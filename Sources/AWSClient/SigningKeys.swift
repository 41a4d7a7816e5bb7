import Synchronization

/// Keys that requests are signed with: one serves a region and a service for a day.
final class SigningKeys: Sendable {
  private struct Known {
    var secret: String
    var scope: [String]
    var key: [UInt8]
  }

  /// Those of so many regions are kept.
  private static let most = 64
  private let known = Mutex<[Known]>([])

  /// - Parameter scope: date, region, service, and what ends all of them.
  func key(of secret: String, for scope: [String]) -> [UInt8] {
    known.withLock { known in
      if let found = known.first(where: { $0.scope == scope && $0.secret == secret }) { return found.key }
      let key = scope.reduce(Array("AWS4\(secret)".utf8)) { Digest.hmac(key: $0, $1) }
      if known.count == Self.most { known.removeFirst() }
      known.append(Known(secret: secret, scope: scope, key: key))
      return key
    }
  }
}
