import Groundwork
import HTTPClient

extension ServiceClient {
  /// Calls an operation of a service that speaks the Query protocol: a form goes out, XML comes back.
  /// - Parameters:
  ///   - version: of the service's interface, e.g. `2011-06-15`.
  ///   - parameters: the operation's own; lists are numbered by the caller (`Filter.1.Name`).
  /// - Returns: the answer's root element, e.g. `AssumeRoleResponse`.
  /// - Throws: ``FailedCall`` after the last attempt.
  public func query(
    _ operation: String, version: String, region: Region, _ parameters: [(String, String)],
    options: Options = Options()
  ) async throws(FailedCall) -> XMLElement {
    let form = PercentEncoding.pairs([("Action", operation), ("Version", version)] + parameters)
    let message = Message(
      .post, path: "/", headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
      body: Array(form.utf8))
    return try await send(message, operation, region, options) { answer in
      answer.body.flatMap { try? XMLReader.read($0) }
    }
  }
}
