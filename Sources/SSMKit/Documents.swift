import AWSClient
import Groundwork
import Synchronization

/// Documents of Systems Manager, as far as somebody who runs them has to know.
public final class Documents: Sendable {
  private let client: ServiceClient
  private let known = Mutex<[Region: [String: Set<String>]]>([:])

  /// - Parameter client: of Systems Manager.
  public init(_ client: ServiceClient) { self.client = client }

  /// The names of the parameters that a document declares; none where the service would not say: what is not known to be
  /// taken is not given.
  /// - Parameter document: name or ARN.
  public func parameters(of document: String, in region: Region, latest: Deadline) async -> Set<String> {
    if let names = known.withLock({ $0[region]?[document] }) { return names }
    var options = ServiceClient.Options()
    options.latest = latest
    let output: Output? = try? await client.call(
      "DescribeDocument", region: region, Input(Name: document), options: options)
    guard let output else { return [] }
    let names = Set((output.Document?.Parameters ?? []).compactMap(\.Name))
    known.withLock { $0[region, default: [:]][document] = names }
    return names
  }

  private struct Input: Encodable, Sendable { var Name: String }

  private struct Output: Decodable, Sendable {
    struct Description: Decodable, Sendable { var Parameters: [Parameter]? }
    struct Parameter: Decodable, Sendable { var Name: String? }

    var Document: Description?
  }
}
