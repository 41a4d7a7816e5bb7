import AWSClient
import Groundwork
import HTTPClient

/// The credentials of an ECS task or an EKS pod, from the agent on its host.
struct ContainerSource: CredentialSource {
  let surroundings: ToolSurroundings
  let place = "the container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)"

  /// Where ECS's agent listens.
  private static let agent = "http://169.254.170.2"
  /// Where a secret may go without TLS: this machine, ECS's and EKS's agents (the SDKs' reference guide).
  private static let hosts = [
    "localhost", "127.0.0.1", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
  ]

  func credentials() async throws(CredentialsError) -> TemporaryCredentials? {
    let url: String
    if let path = surroundings.environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = Self.agent + path
    } else if let full = surroundings.environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      try requireSafe(full)
      url = full
    } else {
      return nil
    }
    var headers: HTTPHeaders = ["Accept": "application/json"]
    if let token = try token() { headers.append("Authorization", token) }
    let response: HTTPResponse
    do {
      response = try await surroundings.send(
        HTTPRequest(
          .get, url, headers: headers, timeout: .seconds(5), maximumBodySize: 1 << 16, usesProxy: false))
    } catch {
      throw CredentialsError("the container's agent at \(url.urlWithoutSecrets) does not answer: \(error)")
    }
    guard response.status == 200, let answer = CredentialAnswer.read(response.body) else {
      throw CredentialsError(
        "the container's agent at \(url.urlWithoutSecrets) gives no credentials (HTTP \(response.status))")
    }
    return answer.credentials
  }

  private func requireSafe(_ url: String) throws(CredentialsError) {
    let authority = url.lowercased().dropFirst("http://".count).prefix { $0 != "/" }
    let host =
      authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
    let isHere = url.lowercased().hasPrefix("http://") && Self.hosts.contains(String(host))
    guard url.lowercased().hasPrefix("https://") || isHere else {
      throw CredentialsError(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI is \"\(url.urlWithoutSecrets)\"; it must be https, or http to \(Self.hosts.joined(separator: ", "))"
      )
    }
  }

  /// From a file, which is read each time, or from the variable itself.
  private func token() throws(CredentialsError) -> String? {
    guard let path = surroundings.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return surroundings.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    guard let bytes = surroundings.read(path) else {
      throw CredentialsError("the file \(path) (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) can't be read")
    }
    return String(decoding: bytes, as: UTF8.self).oneLine(limit: bytes.count)
  }
}
