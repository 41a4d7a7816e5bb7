import AWSClient
import FoundationEssentials
import Groundwork

/// Credentials as containers, instances and processes give them: JSON with the same names.
struct CredentialAnswer: Decodable {
  private let accessKeyID: String
  private let secretAccessKey: String
  private let token: String?
  private let expiration: String?
  /// Of a process's answer.
  let version: Int?

  private enum Key: String, CodingKey {
    case accessKeyID = "AccessKeyId"
    case secretAccessKey = "SecretAccessKey"
    case token = "Token"
    case sessionToken = "SessionToken"
    case expiration = "Expiration"
    case version = "Version"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    accessKeyID = try fields.decode(String.self, forKey: .accessKeyID)
    secretAccessKey = try fields.decode(String.self, forKey: .secretAccessKey)
    token =
      try fields.decodeIfPresent(String.self, forKey: .token)
      ?? fields.decodeIfPresent(String.self, forKey: .sessionToken)
    expiration = try fields.decodeIfPresent(String.self, forKey: .expiration)
    version = try fields.decodeIfPresent(Int.self, forKey: .version)
  }

  /// nil where the bytes are no such answer.
  static func read(_ bytes: [UInt8]) -> CredentialAnswer? {
    try? JSONDecoder().decode(CredentialAnswer.self, from: Data(bytes))
  }

  var credentials: TemporaryCredentials {
    TemporaryCredentials(
      credentials: Credentials(
        accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: token),
      expiration: expiration.flatMap { Timestamp.time($0) })
  }
}

/// Moments as AWS's JSON and XML have them: ISO 8601 in UTC, with or without a fraction.
enum Timestamp {
  /// nil for something else.
  static func time(_ text: String) -> UnixTime? {
    let withoutFraction = text.prefix { $0 != "." } + (text.contains(".") ? "Z" : "")
    return (try? Date(String(withoutFraction), strategy: .iso8601)).map {
      UnixTime(seconds: $0.timeIntervalSince1970)
    }
  }
}
