import AWSClient
import Groundwork
import HTTPClient

/// Clusters of Amazon EKS (service model `eks-2017-11-01`, REST-JSON). All calls but that which deletes may be repeated: those that
/// change something carry a token that makes a second one the first.
public struct Clusters: Sendable {
  private static let maximumAnswer = 4 << 20

  /// Where they are.
  public let region: Region
  let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(service: "eks", id: "EKS", dependencies)
  }

  // MARK: Looking

  /// The names of all clusters.
  /// - Throws: ``FailedCall``.
  public func list(latest: Deadline = .never) async throws(FailedCall) -> [String] {
    try await names("ListClusters", ["clusters"], in: "clusters", latest)
  }

  /// One cluster.
  /// - Throws: ``FailedCall``, e.g. with the code `ResourceNotFoundException`.
  public func describe(_ name: String, latest: Deadline = .never) async throws(FailedCall) -> Cluster {
    struct Output: Decodable, Sendable { var cluster: Cluster }
    let output: Output = try await get("DescribeCluster", ["clusters", name], latest)
    return output.cluster
  }

  /// The versions that EKS knows; with the names of some only those.
  /// - Throws: ``FailedCall``.
  public func versions(latest: Deadline = .never) async throws(FailedCall) -> [OfferedVersion] {
    struct Output: Decodable, Sendable {
      var clusterVersions: [OfferedVersion]?
      var nextToken: String?
    }
    var all: [OfferedVersion] = []
    var token: String?
    repeat {
      let output: Output = try await get(
        "DescribeClusterVersions", ["cluster-versions"],
        query: [("includeAll", "true")] + Self.page(token), latest)
      all += output.clusterVersions ?? []
      token = Pages.next(output.nextToken, after: token)
    } while token != nil
    return all
  }

  /// The names of a cluster's node groups.
  /// - Throws: ``FailedCall``.
  public func nodeGroups(of cluster: String, latest: Deadline = .never) async throws(FailedCall) -> [String] {
    try await names("ListNodegroups", ["clusters", cluster, "node-groups"], in: "nodegroups", latest)
  }

  /// One node group.
  /// - Throws: ``FailedCall``.
  public func nodeGroup(
    _ name: String, of cluster: String, latest: Deadline = .never
  ) async throws(FailedCall) -> NodeGroup {
    struct Output: Decodable, Sendable { var nodegroup: NodeGroup }
    let output: Output = try await get(
      "DescribeNodegroup", ["clusters", cluster, "node-groups", name], latest)
    return output.nodegroup
  }

  /// The names of a cluster's add-ons.
  /// - Throws: ``FailedCall``.
  public func addons(of cluster: String, latest: Deadline = .never) async throws(FailedCall) -> [String] {
    try await names("ListAddons", ["clusters", cluster, "addons"], in: "addons", latest)
  }

  /// One add-on.
  /// - Throws: ``FailedCall``.
  public func addon(
    _ name: String, of cluster: String, latest: Deadline = .never
  ) async throws(FailedCall) -> Addon {
    struct Output: Decodable, Sendable { var addon: Addon }
    let output: Output = try await get("DescribeAddon", ["clusters", cluster, "addons", name], latest)
    return output.addon
  }

  /// The versions of an add-on that go with a version of Kubernetes, as EKS lists them: the newest first.
  /// - Throws: ``FailedCall``.
  public func versions(
    ofAddon name: String, with kubernetes: String, latest: Deadline = .never
  ) async throws(FailedCall) -> [AddonVersion] {
    struct Compatibility: Decodable, Sendable { var clusterVersion: String?, defaultVersion: Bool? }
    struct Version: Decodable, Sendable { var addonVersion: String?, compatibilities: [Compatibility]? }
    struct Info: Decodable, Sendable { var addonName: String?, addonVersions: [Version]? }
    struct Output: Decodable, Sendable {
      var addons: [Info]?
      var nextToken: String?
    }
    var all: [AddonVersion] = []
    var token: String?
    repeat {
      let output: Output = try await get(
        "DescribeAddonVersions", ["addons", "supported-versions"],
        query: [("addonName", name), ("kubernetesVersion", kubernetes)] + Self.page(token), latest)
      for version in (output.addons ?? []).filter({ $0.addonName == name }).flatMap({ $0.addonVersions ?? [] }
      ) {
        guard let text = version.addonVersion,
          let fits = version.compatibilities?.first(where: { $0.clusterVersion == kubernetes })
        else { continue }
        all.append(AddonVersion(text, isDefault: fits.defaultVersion ?? false))
      }
      token = Pages.next(output.nextToken, after: token)
    } while token != nil
    return all
  }

  /// The names of a cluster's Fargate profiles.
  /// - Throws: ``FailedCall``.
  public func fargateProfiles(
    of cluster: String, latest: Deadline = .never
  ) async throws(FailedCall) -> [String] {
    try await names(
      "ListFargateProfiles", ["clusters", cluster, "fargate-profiles"], in: "fargateProfileNames", latest)
  }

  // MARK: Insights

  /// What EKS has found out about a cluster.
  /// - Parameter category: e.g. `UPGRADE_READINESS`.
  /// - Throws: ``FailedCall``.
  public func insights(
    of cluster: String, category: String, latest: Deadline = .never
  ) async throws(FailedCall) -> [ClusterInsight] {
    struct Filter: Encodable, Sendable { var categories: [String] }
    struct Input: Encodable, Sendable { var filter: Filter, nextToken: String? }
    struct Output: Decodable, Sendable {
      var insights: [ClusterInsight]?
      var nextToken: String?
    }
    var all: [ClusterInsight] = []
    var token: String?
    repeat {
      let output: Output = try await post(
        "ListInsights", ["clusters", cluster, "insights"],
        Input(filter: Filter(categories: [category]), nextToken: token), latest)
      all += output.insights ?? []
      token = Pages.next(output.nextToken, after: token)
    } while token != nil
    return all
  }

  private struct Refresh: Decodable, Sendable { var status: String?, message: String? }

  /// Has EKS look at a cluster anew; one that it is already at goes on.
  /// - Throws: ``FailedCall``.
  public func refreshInsights(of cluster: String, latest: Deadline = .never) async throws(FailedCall) {
    struct Input: Encodable, Sendable {}
    let _: Refresh = try await post(
      "StartInsightsRefresh", ["clusters", cluster, "insights-refresh"], Input(), latest)
  }

  /// How the last look stands: `IN_PROGRESS`, `FAILED` or `COMPLETED`.
  /// - Throws: ``FailedCall``.
  public func insightsRefresh(of cluster: String, latest: Deadline = .never) async throws(FailedCall)
    -> String
  {
    let found: Refresh = try await get(
      "DescribeInsightsRefresh", ["clusters", cluster, "insights-refresh"], latest)
    return found.status ?? "FAILED"
  }

  // MARK: Calls

  /// A page of names under a field of its own.
  private struct Names: Decodable, Sendable {
    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    var lists: [String: [String]]
    var nextToken: String?

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      nextToken = try fields.decodeIfPresent(String.self, forKey: Key(stringValue: "nextToken"))
      lists = [:]
      for key in fields.allKeys where key.stringValue != "nextToken" {
        lists[key.stringValue] = try fields.decode([String].self, forKey: key)
      }
    }
  }

  func names(
    _ operation: String, _ path: [String], in field: String, query: [(String, String)] = [],
    _ latest: Deadline
  ) async throws(FailedCall) -> [String] {
    var all: [String] = []
    var token: String?
    repeat {
      let page: Names = try await get(operation, path, query: query + Self.page(token), latest)
      all += page.lists[field] ?? []
      token = Pages.next(page.nextToken, after: token)
    } while token != nil
    return all
  }

  private static func page(_ token: String?) -> [(String, String)] {
    [("maxResults", "100")] + (token.map { [("nextToken", $0)] } ?? [])
  }

  func options(_ latest: Deadline) -> ServiceClient.Options {
    var options = ServiceClient.Options()
    options.latest = latest
    options.maximumAnswer = Self.maximumAnswer
    return options
  }

  func get<Output: Decodable & Sendable>(
    _ operation: String, _ path: [String], query: [(String, String)] = [], _ latest: Deadline
  ) async throws(FailedCall) -> Output {
    try await client.rest(
      operation, region: region, RESTRequest(.get, path, query: query), options: options(latest))
  }

  func post<Output: Decodable & Sendable>(
    _ operation: String, _ path: [String], _ input: some Encodable, _ latest: Deadline
  ) async throws(FailedCall) -> Output {
    try await client.rest(
      operation, region: region, try RESTRequest.json(operation, .post, path, input, in: region),
      options: options(latest))
  }
}
