import AWSClient
import Groundwork
import HTTPClient

/// The credentials of an EC2 instance's role, by version 2 of its metadata service.
struct InstanceSource: CredentialSource {
  let surroundings: ToolSurroundings
  let place = "the instance's role"

  private static let usual = "http://169.254.169.254"
  private static let roles = "/latest/meta-data/iam/security-credentials/"
  /// Who is no instance has nobody there: that must not take long.
  private static let patience = Duration.seconds(1)

  func credentials() async throws(CredentialsError) -> TemporaryCredentials? {
    if surroundings.environment("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
    var base = surroundings.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? Self.usual
    while base.hasSuffix("/") { base.removeLast() }
    let ttl: HTTPHeaders = ["X-aws-ec2-metadata-token-ttl-seconds": "21600"]
    guard let token = await ask(.put, base + "/latest/api/token", ttl).flatMap(Self.line) else { return nil }
    let headers: HTTPHeaders = ["X-aws-ec2-metadata-token": token]
    guard let role = await ask(.get, base + Self.roles, headers).flatMap(Self.line) else { return nil }
    guard let bytes = await ask(.get, base + Self.roles + role, headers),
      let answer = CredentialAnswer.read(bytes)
    else {
      throw CredentialsError("the instance's metadata service gives no credentials for its role \(role)")
    }
    return answer.credentials
  }

  private func ask(_ method: HTTPRequest.Method, _ url: String, _ headers: HTTPHeaders) async -> [UInt8]? {
    let request = HTTPRequest(
      method, url, headers: headers, timeout: Self.patience, connectTimeout: Self.patience,
      maximumBodySize: 1 << 16, usesProxy: false)
    guard let response = try? await surroundings.send(request), response.status == 200 else { return nil }
    return response.body
  }

  /// The first line, where there is one.
  private static func line(_ bytes: [UInt8]) -> String? {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
  }
}
