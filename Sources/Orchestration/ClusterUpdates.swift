import AWSClient
import Groundwork

extension Clusters {
  private struct Updated: Decodable, Sendable { var update: ClusterUpdate }

  /// Gives a control plane another version: the next one, or within seven days the one before.
  /// - Parameters:
  ///   - force: whether insights with errors are passed over.
  ///   - token: the same one makes the same update.
  /// - Throws: ``FailedCall``, e.g. with the codes `ResourceInUseException` and `InvalidStateException`.
  public func update(
    _ cluster: String, to version: String, force: Bool, token: String, latest: Deadline = .never
  ) async throws(FailedCall) -> ClusterUpdate {
    struct Input: Encodable, Sendable { var version: String, clientRequestToken: String, force: Bool? }
    let output: Updated = try await post(
      "UpdateClusterVersion", ["clusters", cluster, "updates"],
      Input(version: version, clientRequestToken: token, force: force ? true : nil), latest)
    return output.update
  }

  /// Gives the nodes of a group another version.
  /// - Parameter force: whether pods are ended that can't be evicted.
  /// - Throws: ``FailedCall``.
  public func update(
    nodeGroup: String, of cluster: String, to version: String, force: Bool, token: String,
    latest: Deadline = .never
  ) async throws(FailedCall) -> ClusterUpdate {
    struct Input: Encodable, Sendable { var version: String, clientRequestToken: String, force: Bool? }
    let output: Updated = try await post(
      "UpdateNodegroupVersion", ["clusters", cluster, "node-groups", nodeGroup, "update-version"],
      Input(version: version, clientRequestToken: token, force: force ? true : nil), latest)
    return output.update
  }

  /// Gives an add-on another version; what somebody has changed of it stays.
  /// - Throws: ``FailedCall``.
  public func update(
    addon: String, of cluster: String, to version: String, token: String, latest: Deadline = .never
  ) async throws(FailedCall) -> ClusterUpdate {
    struct Input: Encodable, Sendable {
      var addonVersion: String, clientRequestToken: String, resolveConflicts: String
    }
    let output: Updated = try await post(
      "UpdateAddon", ["clusters", cluster, "addons", addon, "update"],
      Input(addonVersion: version, clientRequestToken: token, resolveConflicts: "PRESERVE"), latest)
    return output.update
  }

  /// How an update stands.
  /// - Throws: ``FailedCall``, `ResourceNotFoundException` also where the part is another one.
  public func update(
    _ id: String, of cluster: String, _ part: UpdatePart, latest: Deadline = .never
  ) async throws(FailedCall) -> ClusterUpdate {
    let output: Updated = try await get(
      "DescribeUpdate", ["clusters", cluster, "updates", id], query: part.query, latest)
    return output.update
  }

  /// The ids of a part's updates.
  /// - Throws: ``FailedCall``.
  public func updates(
    of cluster: String, _ part: UpdatePart, latest: Deadline = .never
  ) async throws(FailedCall) -> [String] {
    try await names(
      "ListUpdates", ["clusters", cluster, "updates"], in: "updateIds", query: part.query, latest)
  }

  /// Deletes a cluster, which may have no node groups; a protected one stays. There is no token for it, so a call whose answer
  /// was lost is not made again: whoever looks at the cluster sees what came of it.
  /// - Throws: ``FailedCall``, e.g. with the codes `ResourceInUseException` and `InvalidRequestException`.
  public func delete(_ cluster: String, latest: Deadline = .never) async throws(FailedCall) {
    var options = options(latest)
    options.isRepeatable = false
    let _: RESTAnswer = try await client.rest(
      "DeleteCluster", region: region, RESTRequest(.delete, ["clusters", cluster]), options: options)
  }
}
