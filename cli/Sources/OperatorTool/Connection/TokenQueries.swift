import AWSClient
import Groundwork

/// Who one is, by AWS's Security Token Service (service model `sts-2011-06-15`, the Query protocol).
struct TokenQueries: Sendable {
  private let client: ServiceClient
  private let region: Region

  init(_ client: ServiceClient, in region: Region) {
    self.client = client
    self.region = region
  }

  /// The ARN of the user or the role's session. Nobody can be forbidden to ask.
  /// - Throws: ``FailedCall``.
  func identity() async throws(FailedCall) -> String {
    let answer = try await client.query("GetCallerIdentity", version: "2011-06-15", region: region, [])
    return answer["GetCallerIdentityResult"]?.text("Arn") ?? "somebody without a name"
  }
}
