import Groundwork
import HTTPClient

/// Asks URLs whether they answer with 2xx.
struct HealthCheck: Sendable {
  /// What an answer may take.
  private static let timeout = Duration.seconds(5)
  /// Bytes of an answer; more is cut, which is no failure.
  private static let longest = 1 << 20

  let send: @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse

  /// - Returns: in words, what is not well; empty where everything is.
  func troubles(_ urls: [String]) async -> [String] {
    var troubles: [String] = []
    for url in urls {
      let request = HTTPRequest(
        .get, url, headers: ["Accept": "*/*"], timeout: Self.timeout, maximumBodySize: Self.longest)
      do {
        let answer = try await send(request)
        if !(200..<300).contains(answer.status) {
          troubles.append("\(url) answers \(answer.status), not 2xx")
        }
      } catch {
        troubles.append("\(url) does not answer: \("\(error)".oneLine(limit: 150))")
      }
    }
    return troubles
  }
}
