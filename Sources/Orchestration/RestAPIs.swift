import AWSClient
import Groundwork

/// REST APIs of API Gateway (service model `apigateway-2015-07-09`, REST-JSON).
public struct RestAPIs: Sendable {
  /// The most that a page has.
  private static let pageSize = "500"

  private let region: Region
  private let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(service: "apigateway", id: "API Gateway", dependencies)
  }

  private struct Page: Decodable, Sendable {
    struct API: Decodable, Sendable {
      var id: String
      var name: String?
    }
    var item: [API]?
    var position: String?
  }

  /// The ids of the APIs that have a name, which need not be one.
  /// - Throws: ``FailedCall``.
  public func ids(named name: String) async throws(FailedCall) -> [String] {
    var ids: [String] = []
    var position: String?
    repeat {
      let query = [("limit", Self.pageSize)] + (position.map { [("position", $0)] } ?? [])
      let page: Page = try await client.rest(
        "GetRestApis", region: region, RESTRequest(.get, ["restapis"], query: query))
      ids += (page.item ?? []).filter { $0.name == name }.map(\.id)
      position = page.position == position ? nil : page.position
    } while position != nil
    return ids
  }
}
