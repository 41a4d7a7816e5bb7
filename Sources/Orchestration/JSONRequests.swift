import AWSClient
import HTTPClient

/// E.g. `GET`.
typealias RESTMethod = HTTPRequest.Method

extension RESTRequest {
  /// A request with a body of JSON.
  /// - Throws: ``FailedCall`` for an input that JSON can't hold, which nothing here is.
  static func json(
    _ operation: String, _ method: RESTMethod, _ path: [String], query: [(String, String)] = [],
    _ input: some Encodable, in region: Region
  ) throws(FailedCall) -> RESTRequest {
    do {
      return try RESTRequest(method, path, query: query, json: input)
    } catch {
      throw FailedCall(.unreadable(operation, in: region, "the request can't be encoded: \(error)"))
    }
  }
}
