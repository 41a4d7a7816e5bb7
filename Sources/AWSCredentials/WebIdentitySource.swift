import AWSClient
import Groundwork

/// A role for whoever has an identity provider's token, as in a pod: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`.
struct WebIdentitySource: CredentialSource {
  let place = "a web identity (AWS_WEB_IDENTITY_TOKEN_FILE)"
  private let surroundings: ToolSurroundings

  init(_ surroundings: ToolSurroundings) { self.surroundings = surroundings }

  func credentials() async throws(CredentialsError) -> TemporaryCredentials? {
    guard let file = surroundings.environment("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
    guard let arn = surroundings.environment("AWS_ROLE_ARN") else {
      throw CredentialsError("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not")
    }
    let role = Role(arn: arn, session: surroundings.environment("AWS_ROLE_SESSION_NAME") ?? "sdwan")
    return try await Self.assume(role, tokenFile: file, surroundings, in: surroundings.region(of: nil))
  }

  /// - Parameter file: read each time, because it is written anew.
  static func assume(
    _ role: Role, tokenFile file: String, _ surroundings: ToolSurroundings, in region: Region
  ) async throws(CredentialsError) -> TemporaryCredentials {
    guard let bytes = surroundings.read(file) else {
      throw CredentialsError("the token of a web identity can't be read: \(file)")
    }
    let token = String(decoding: bytes, as: UTF8.self)
    return try await TokenService(surroundings: surroundings, region: region).assumeRole(role, token: token)
  }
}

extension ToolSurroundings {
  /// AWS_REGION, AWS_DEFAULT_REGION, the profile's, else us-east-1: where tokens are asked for.
  func region(of profile: [String: String]?) -> Region {
    let named = environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION") ?? profile?["region"]
    return named.flatMap { Region($0) } ?? .virginia
  }
}
