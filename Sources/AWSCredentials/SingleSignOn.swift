import AWSClient
import FoundationEssentials
import Groundwork

/// Credentials of somebody who has signed in with `aws sso login`: its token is in a cache, and the access portal gives a
/// role's credentials for it (service models `sso-2019-06-10`, `sso-oidc-2019-06-10`).
struct SingleSignOn: Sendable {
  /// Whose role is wanted, and where the token lies.
  struct Account: Sendable, Equatable {
    var profile: String
    var id: String
    var role: String
    var region: Region
    /// What the token's file is called after: the session's name, or the start URL.
    var key: String

    /// nil for a profile without single sign-on.
    init?(_ values: [String: String], _ profiles: Profiles, of profile: String) throws(CredentialsError) {
      let session = values["sso_session"]
      guard session != nil || values["sso_start_url"] != nil else { return nil }
      var all = values
      if let session {
        guard let shared = profiles.singleSignOnSession(session) else {
          throw CredentialsError("the profile \(profile) has the sso_session \(session), which there is not")
        }
        all = shared.merging(values) { first, _ in first }
      }
      func need(_ name: String) throws(CredentialsError) -> String {
        guard let value = all[name] else {
          throw CredentialsError("the profile \(profile) has single sign-on, but no \(name)")
        }
        return value
      }
      self.profile = profile
      id = try need("sso_account_id")
      role = try need("sso_role_name")
      let name = try need("sso_region")
      guard let region = Region(name) else {
        throw CredentialsError(
          "the sso_region \"\(name.shown(bytes: 80))\" of the profile \(profile) is none")
      }
      self.region = region
      key = if let session { session } else { try need("sso_start_url") }
    }
  }

  let surroundings: ToolSurroundings

  func credentials(of account: Account) async throws(CredentialsError) -> TemporaryCredentials {
    let token = try await token(of: account)
    do {
      let client = try ServiceClient(service: "portal.sso", id: "SSO", dependencies)
      let request = RESTRequest(
        .get, ["federation", "credentials"],
        query: [("account_id", account.id), ("role_name", account.role)],
        headers: ["x-amz-sso_bearer_token": token])
      let answer: RoleAnswer = try await client.rest(
        "GetRoleCredentials", region: account.region, request, options: unsigned)
      return answer.roleCredentials.credentials
    } catch let error as FailedCall {
      if error.error.code == "UnauthorizedException" { throw Self.expired(account) }
      throw CredentialsError(
        "single sign-on gives no credentials for the role \(account.role) of \(account.id): \(error.error)")
    } catch {
      throw CredentialsError("single sign-on can't be asked: \(error)")
    }
  }

  private struct RoleAnswer: Decodable, Sendable {
    struct Given: Decodable, Sendable {
      var accessKeyId: String
      var secretAccessKey: String
      var sessionToken: String
      /// In milliseconds.
      var expiration: Double

      var credentials: TemporaryCredentials {
        TemporaryCredentials(
          credentials: Credentials(
            accessKeyID: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken),
          expiration: UnixTime(seconds: expiration / 1000))
      }
    }

    var roleCredentials: Given
  }

  // MARK: The token

  private func token(of account: Account) async throws(CredentialsError) -> String {
    let home = surroundings.environment("HOME") ?? ""
    let path = "\(home)/.aws/sso/cache/\(Digest.hex(Digest.sha1(Array(account.key.utf8)))).json"
    guard let bytes = surroundings.read(path), var token = SignOnToken(bytes) else {
      throw CredentialsError(
        "nobody has signed in for the profile \(account.profile): aws sso login --profile \(account.profile)")
    }
    if token.isGood(at: surroundings.clock.wall()) { return token.accessToken }
    guard let registration = token.registration(at: surroundings.clock.wall()),
      let renewed = await renew(registration, in: account.region)
    else { throw Self.expired(account) }
    token.renew(with: renewed, at: surroundings.clock.wall())
    surroundings.write(path, token.bytes)
    return token.accessToken
  }

  private func renew(
    _ registration: SignOnToken.Registration, in region: Region
  ) async -> SignOnToken.Renewed? {
    guard let client = try? ServiceClient(service: "oidc", id: "SSO OIDC", dependencies),
      let request = try? RESTRequest(.post, ["token"], json: registration)
    else { return nil }
    return try? await client.rest("CreateToken", region: region, request, options: unsigned)
  }

  private static func expired(_ account: Account) -> CredentialsError {
    CredentialsError(
      "the sign-in of the profile \(account.profile) has ended: aws sso login --profile \(account.profile)")
  }

  private var dependencies: ServiceClient.Dependencies {
    ServiceClient.Dependencies(
      send: surroundings.send, clock: surroundings.clock, environment: surroundings.environment)
  }

  private var unsigned: ServiceClient.Options {
    var options = ServiceClient.Options()
    options.isSigned = false
    return options
  }
}
