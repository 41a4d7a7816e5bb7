import FoundationEssentials
import Groundwork

/// What `aws sso login` keeps in its cache.
struct SignOnToken: Sendable {
  /// What a new token is asked for with.
  struct Registration: Encodable, Sendable {
    let clientId: String
    let clientSecret: String
    let refreshToken: String
    let grantType = "refresh_token"
  }

  /// A new token.
  struct Renewed: Decodable, Sendable {
    let accessToken: String
    /// In seconds.
    let expiresIn: Int
    let refreshToken: String?
  }

  /// All of the file's values are texts; those that are not ours are kept.
  private var fields: [String: String]
  /// What the portal is asked with.
  private(set) var accessToken: String
  private var expiration: UnixTime

  /// nil for anything else.
  init?(_ bytes: [UInt8]) {
    guard let fields = try? JSONDecoder().decode([String: String].self, from: Data(bytes)),
      let token = fields["accessToken"], let end = fields["expiresAt"].flatMap({ Self.time($0) })
    else { return nil }
    self.fields = fields
    accessToken = token
    expiration = end
  }

  /// Older versions of the command line wrote `UTC` for `Z`.
  private static func time(_ text: String) -> UnixTime? {
    Timestamp.time(text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
  }

  func isGood(at now: UnixTime) -> Bool { now + .seconds(60) < expiration }

  /// nil where the token can't be renewed any more.
  func registration(at now: UnixTime) -> Registration? {
    guard let id = fields["clientId"], let secret = fields["clientSecret"],
      let token = fields["refreshToken"],
      fields["registrationExpiresAt"].flatMap({ Self.time($0) }).map({ now < $0 }) ?? false
    else { return nil }
    return Registration(clientId: id, clientSecret: secret, refreshToken: token)
  }

  mutating func renew(with new: Renewed, at now: UnixTime) {
    accessToken = new.accessToken
    expiration = now + .seconds(new.expiresIn)
    fields["accessToken"] = new.accessToken
    fields["expiresAt"] = expiration.utc.toTheSecond
    if let token = new.refreshToken { fields["refreshToken"] = token }
  }

  /// As it is kept.
  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(fields)).map(Array.init) ?? []
  }
}
