import Groundwork

/// What AWS requests are signed with.
public struct Credentials: Sendable, Equatable {
  /// `AWS_ACCESS_KEY_ID`; not a secret.
  public var accessKeyID: String
  /// `AWS_SECRET_ACCESS_KEY`.
  public var secretAccessKey: String
  /// `AWS_SESSION_TOKEN`, of temporary credentials.
  public var sessionToken: String?

  /// Given credentials.
  public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
  }

  /// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, as Lambda sets them.
  ///
  /// Called for every attempt: credentials rotate.
  /// - Throws: ``ConfigurationError`` that names the missing variable.
  public init(environment: Environment) throws(ConfigurationError) {
    func need(_ name: String) throws(ConfigurationError) -> String {
      guard let value = environment(name), !value.isEmpty else {
        throw ConfigurationError(
          name, value: nil, allowed: "the credentials that Lambda sets from the function's execution role")
      }
      return value
    }
    accessKeyID = try need("AWS_ACCESS_KEY_ID")
    secretAccessKey = try need("AWS_SECRET_ACCESS_KEY")
    sessionToken = environment("AWS_SESSION_TOKEN").flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The same as an error of a call.
  /// - Throws: ``AWSError/configuration(_:)``.
  static func ofEnvironment(_ environment: Environment) throws(AWSError) -> Credentials {
    do throws(ConfigurationError) {
      return try Credentials(environment: environment)
    } catch {
      throw .configuration(error)
    }
  }
}

/// Why there are no credentials, and what to do.
public struct CredentialsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// In a sentence for whoever has to mend it.
  public let description: String

  /// A reason; never a secret.
  public init(_ description: String) { self.description = description }
}
