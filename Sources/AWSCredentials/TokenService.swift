import AWSClient
import Groundwork

/// Credentials by AWS's Security Token Service (its model: `sts-2011-06-15`, the Query protocol).
struct TokenService: Sendable {
  private static let version = "2011-06-15"

  let surroundings: ToolSurroundings
  let region: Region

  /// - Parameter source: what the call is signed with.
  func assumeRole(
    _ role: Role, code: String?, with source: Credentials
  ) async throws(CredentialsError) -> TemporaryCredentials {
    let device = role.device.map { [("SerialNumber", $0), ("TokenCode", code ?? "")] } ?? []
    let external = role.externalID.map { [("ExternalId", $0)] } ?? []
    return try await ask("AssumeRole", role, external + device, signedWith: source)
  }

  /// - Parameter token: what the identity provider gave.
  func assumeRole(_ role: Role, token: String) async throws(CredentialsError) -> TemporaryCredentials {
    try await ask("AssumeRoleWithWebIdentity", role, [("WebIdentityToken", token)], signedWith: nil)
  }

  private func ask(
    _ operation: String, _ role: Role, _ parameters: [(String, String)], signedWith source: Credentials?
  ) async throws(CredentialsError) -> TemporaryCredentials {
    var dependencies = ServiceClient.Dependencies(
      send: surroundings.send, clock: surroundings.clock, environment: surroundings.environment)
    if let source { dependencies.credentials = { () throws(AWSError) in source } }
    var options = ServiceClient.Options()
    options.isSigned = source != nil
    let all =
      [("RoleArn", role.arn), ("RoleSessionName", role.session)]
      + (role.duration.map { [("DurationSeconds", String($0))] } ?? []) + parameters
    do {
      let client = try ServiceClient(service: "sts", dependencies)
      let answer = try await client.query(
        operation, version: Self.version, region: region, all, options: options)
      let given = answer["\(operation)Result"]?["Credentials"]
      guard let key = given?.text("AccessKeyId"), let secret = given?.text("SecretAccessKey"),
        let token = given?.text("SessionToken")
      else { throw CredentialsError("the answer of \(operation) for \(role.arn) has no credentials") }
      return TemporaryCredentials(
        credentials: Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token),
        expiration: given?.text("Expiration").flatMap { Timestamp.time($0) })
    } catch let error as CredentialsError {
      throw error
    } catch let error as FailedCall {
      throw CredentialsError("the role \(role.arn) can't be assumed: \(error.error)")
    } catch {
      throw CredentialsError("the role \(role.arn) can't be assumed: \(error)")
    }
  }
}

/// A role that somebody may become.
struct Role: Sendable, Equatable {
  var arn: String
  /// Stands in CloudTrail.
  var session: String
  var externalID: String?
  /// In seconds; nil for the role's own.
  var duration: Int?
  /// The MFA device that is asked for a code; nil for none.
  var device: String?
}
