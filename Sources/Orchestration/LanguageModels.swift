import AWSClient
import Groundwork

/// Models of Amazon Bedrock (service model `bedrock-runtime-2023-09-30`, REST-JSON).
public struct LanguageModels: Sendable {
  /// What an answer may take: a model writes it word by word.
  private static let attemptTimeout = Duration.seconds(60)

  /// Where they are asked.
  public let region: Region
  private let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(
      service: "bedrock-runtime", signingName: "bedrock", id: "Bedrock Runtime", dependencies)
  }

  private struct Part: Codable, Sendable { var text: String? }
  private struct Message: Codable, Sendable { var role: String, content: [Part] }
  private struct Limits: Encodable, Sendable { var maxTokens: Int }

  /// Asks a model once. Each answer costs money, so a call whose answer was lost is not made again.
  /// - Parameters:
  ///   - model: its id, or the ARN or id of an inference profile.
  ///   - role: what the model is to be.
  ///   - maximumTokens: of the answer, about four bytes each; a longer one is cut.
  ///   - latest: when there is no point in an answer any more.
  /// - Returns: the answer's text; empty where the model wrote none.
  /// - Throws: ``FailedCall``, e.g. with the codes `AccessDeniedException` and `ModelNotReadyException`.
  public func ask(
    _ model: String, as role: String, _ question: String, maximumTokens: Int = 512, latest: Deadline = .never
  ) async throws(FailedCall) -> String {
    struct Input: Encodable, Sendable {
      var messages: [Message], system: [Part], inferenceConfig: Limits
    }
    struct Container: Decodable, Sendable { var message: Message? }
    struct Output: Decodable, Sendable { var output: Container }
    var options = ServiceClient.Options()
    options.isRepeatable = false
    options.attemptTimeout = Self.attemptTimeout
    options.latest = latest
    let answer: Output = try await client.post(
      "Converse", region: region, ["model", model, "converse"],
      json: Input(
        messages: [Message(role: "user", content: [Part(text: question)])], system: [Part(text: role)],
        inferenceConfig: Limits(maxTokens: maximumTokens)), options: options)
    return (answer.output.message?.content ?? []).compactMap(\.text).joined(separator: "\n")
  }
}
