import AWSClient
import Groundwork
import SSMKit

/// Calls of Run Command that do nothing, for whoever wants to know whether they are permitted.
struct CommandProbe: Sendable {
  private let client: ServiceClient

  init(_ client: ServiceClient) { self.client = client }

  private struct Nothing: Decodable, Sendable {}

  /// The document wants commands and gets none, so nothing is sent.
  func send(to instance: InstanceID, in region: Region) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var document = "AWS-RunShellScript"
      var instances: [String]

      private enum CodingKeys: String, CodingKey {
        case document = "DocumentName"
        case instances = "InstanceIds"
      }
    }
    let _: Nothing = try await client.call(
      "SendCommand", region: region, Input(instances: [instance.description]))
  }

  /// Of a command that there is not.
  func ask(in region: Region) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var command = "00000000-0000-0000-0000-000000000000"
      var instance = "i-00000000000000000"

      private enum CodingKeys: String, CodingKey {
        case command = "CommandId"
        case instance = "InstanceId"
      }
    }
    let _: Nothing = try await client.call("GetCommandInvocation", region: region, Input())
  }
}
