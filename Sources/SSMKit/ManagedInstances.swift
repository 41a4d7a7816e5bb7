import AWSClient
import Groundwork

/// What Systems Manager knows of the instances' agents.
public struct ManagedInstances: Sendable {
  /// How an instance is reached.
  public enum Reachability: Sendable, Equatable {
    case online
    /// Listed with another ping status, e.g. `ConnectionLost`.
    case offline(String)
    /// Not listed at all: no agent, no role, or not yet registered.
    case unlisted
  }

  /// Instance ids that one request may filter by.
  private static let batch = 50
  private static let pause = Duration.seconds(5)
  /// How long one look may be throttled beyond the time to wait: who can't be seen can still be sent to.
  private static let patience = Duration.seconds(15)

  private let client: ServiceClient

  /// - Parameter client: calls SSM.
  public init(_ client: ServiceClient) { self.client = client }

  /// Waits until every instance is online, or the time is over.
  /// - Parameters:
  ///   - limit: how long to wait.
  ///   - latest: when to stop even before.
  /// - Returns: what was seen last; empty where the service would not say.
  public func waitUntilOnline(
    _ instances: [InstanceID], in region: Region, limit: Duration, latest: Deadline
  ) async -> [InstanceID: Reachability] {
    let end = min(Deadline(client.clock.now() + limit), latest)
    let last = min(Deadline(client.clock.now() + limit + Self.patience), latest)
    while true {
      guard let seen = await reachability(of: instances, in: region, latest: last) else { return [:] }
      let now = client.clock.now()
      if end.hasCome(at: now) || seen.values.allSatisfy({ $0 == .online }) { return seen }
      do { try await client.clock.sleep(min(Self.pause, end.left(at: now) ?? Self.pause)) } catch {
        return seen
      }
    }
  }

  /// nil when a request failed: then it is not known, and finding out is left to SendCommand.
  private func reachability(
    of instances: [InstanceID], in region: Region, latest: Deadline
  ) async -> [InstanceID: Reachability]? {
    var seen = Dictionary(instances.map { ($0, Reachability.unlisted) }) { first, _ in first }
    for start in stride(from: 0, to: instances.count, by: Self.batch) {
      let part = instances[start..<min(start + Self.batch, instances.count)]
      var token: String?
      repeat {
        guard let page = await page(part.map(\.text), region, token, latest) else { return nil }
        for entry in page.instances ?? [] {
          guard let id = InstanceID(entry.instanceID), seen[id] != nil else { continue }
          seen[id] = entry.pingStatus == "Online" ? .online : .offline(entry.pingStatus ?? "unknown")
        }
        token = nextPage(page.nextToken, after: token)
      } while token != nil
    }
    return seen
  }

  private func page(
    _ ids: [String], _ region: Region, _ token: String?, _ latest: Deadline
  ) async -> DescribeInstanceInformation.Output? {
    var options = ServiceClient.Options()
    options.latest = latest
    options.isOneOfMany = true
    return try? await client.call(
      DescribeInstanceInformation.name, region: region,
      DescribeInstanceInformation.Input(instanceIDs: ids, nextToken: token), options: options)
  }
}
