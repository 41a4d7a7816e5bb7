import AWSClient
import Groundwork

/// Secrets in Parameter Store (service model `ssm-2014-11-06`): SecureStrings, encrypted with the account's default key, as
/// Terraform makes them.
struct SecretStore: Sendable {
  struct Secret: Sendable, Equatable {
    var value: String
    /// Parameter Store keeps the last 100.
    var version: Int
  }

  private let client: ServiceClient

  init(_ client: ServiceClient) { self.client = client }

  /// - Returns: nil where there is none of that name.
  func read(_ name: String, in region: Region) async throws(FailedCall) -> Secret? {
    struct Input: Encodable, Sendable {
      var name: String
      var withDecryption = true

      private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case withDecryption = "WithDecryption"
      }
    }
    struct Output: Decodable, Sendable {
      struct Parameter: Decodable, Sendable {
        var value: String
        var version: Int?

        private enum CodingKeys: String, CodingKey {
          case value = "Value"
          case version = "Version"
        }
      }

      var parameter: Parameter

      private enum CodingKeys: String, CodingKey { case parameter = "Parameter" }
    }
    do throws(FailedCall) {
      let output: Output = try await client.call("GetParameter", region: region, Input(name: name))
      return Secret(value: output.parameter.value, version: output.parameter.version ?? 0)
    } catch {
      if error.error.code == "ParameterNotFound" { return nil }
      throw error
    }
  }

  /// - Parameter isThere: whether there is one of that name already. Where there is and none was expected, the service refuses.
  func write(_ name: String, _ value: String, in region: Region, isThere: Bool) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var name: String
      var value: String
      var overwrite: Bool
      var type = "SecureString"

      private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case value = "Value"
        case overwrite = "Overwrite"
        case type = "Type"
      }
    }
    struct Output: Decodable, Sendable {}
    let _: Output = try await client.call(
      "PutParameter", region: region, Input(name: name, value: value, overwrite: isThere))
  }

  /// One that is not there is no mistake.
  func remove(_ name: String, in region: Region) async throws(FailedCall) {
    struct Input: Encodable, Sendable {
      var name: String
      private enum CodingKeys: String, CodingKey { case name = "Name" }
    }
    struct Output: Decodable, Sendable {}
    do throws(FailedCall) {
      let _: Output = try await client.call("DeleteParameter", region: region, Input(name: name))
    } catch {
      if error.error.code != "ParameterNotFound" { throw error }
    }
  }
}
