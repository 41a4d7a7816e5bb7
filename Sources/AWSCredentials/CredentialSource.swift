import AWSClient

/// Somebody who may give credentials.
protocol CredentialSource: Sendable {
  /// Where it looks, for people.
  var place: String { get }

  /// - Returns: nil where nobody has set it up: then the next one is asked.
  /// - Throws: ``CredentialsError`` where somebody has, and there are none all the same.
  func credentials() async throws(CredentialsError) -> TemporaryCredentials?
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentSource: CredentialSource {
  let surroundings: ToolSurroundings
  let place = "the environment (AWS_ACCESS_KEY_ID)"

  func credentials() throws(CredentialsError) -> TemporaryCredentials? {
    guard surroundings.environment("AWS_ACCESS_KEY_ID") != nil else { return nil }
    do {
      return TemporaryCredentials(credentials: try Credentials(environment: surroundings.environment))
    } catch {
      throw CredentialsError("AWS_ACCESS_KEY_ID is set, but \(error.variable) is not")
    }
  }
}
