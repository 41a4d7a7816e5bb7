import AWSClient
import Groundwork

/// AWS Elastic Disaster Recovery (service model `drs-2020-02-26`, REST-JSON), as far as waves of servers need it.
public struct RecoveryService: Sendable {
  /// Servers that one filter, and one call, takes (the model's `DescribeSourceServersRequestFiltersIDs`,
  /// `TerminateRecoveryInstances`).
  public static let mostServers = 200
  /// A page of 1,000 servers with all their disks stays far below it.
  private static let maximumAnswer = 16 << 20

  /// Where the servers are recovered.
  public let region: Region
  private let client: ServiceClient

  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(in region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    self.region = region
    client = try ServiceClient(service: "drs", dependencies)
  }

  // MARK: What is there

  /// Source servers, page by page.
  /// - Parameter ids: only these, 200 in a call; nil for all. What there is not is left out.
  /// - Throws: ``FailedCall``, e.g. with the code `UninitializedAccountException`.
  public func servers(
    _ ids: [String]? = nil, latest: Deadline = .never
  ) async throws(FailedCall) -> [SourceServer] {
    try await all("DescribeSourceServers", Self.filters(ids), latest)
  }

  /// Jobs by their ids.
  /// - Throws: ``FailedCall``.
  public func jobs(_ ids: [String], latest: Deadline = .never) async throws(FailedCall) -> [RecoveryJob] {
    guard !ids.isEmpty else { return [] }
    struct Filters: Encodable, Sendable { var jobIDs: [String] }
    return try await all("DescribeJobs", [Filters(jobIDs: ids)], latest)
  }

  /// Jobs that were made at a moment or later, the newest first: the service can be asked for nothing else, not for
  /// those that run, nor for those of a server.
  /// - Throws: ``FailedCall``.
  public func jobs(from time: UnixTime, latest: Deadline = .never) async throws(FailedCall) -> [RecoveryJob] {
    struct Filters: Encodable, Sendable { var fromDate: String }
    return try await all("DescribeJobs", [Filters(fromDate: time.utc.toTheSecond)], latest)
  }

  /// What happened in a job, in its order.
  /// - Throws: ``FailedCall``.
  public func log(of job: String, latest: Deadline = .never) async throws(FailedCall) -> [RecoveryJobEvent] {
    struct Input: Encodable, Sendable { var jobID: String, nextToken: String? }
    return try await pages("DescribeJobLogItems", latest) { Input(jobID: job, nextToken: $0) }
  }

  /// Recovery instances, page by page.
  /// - Parameter servers: only those of these source servers, 200 in a call; nil for all.
  /// - Throws: ``FailedCall``.
  public func instances(
    of servers: [String]? = nil, latest: Deadline = .never
  ) async throws(FailedCall) -> [RecoveryInstance] {
    try await all("DescribeRecoveryInstances", Self.filters(servers), latest)
  }

  // MARK: What changes something

  /// Launches recovery instances from the newest snapshots. A call whose answer is lost is not made again: whoever
  /// wants to know looks for the job.
  ///
  /// The job gets no tags.
  /// - Parameters:
  ///   - servers: 1 to 100 distinct source servers; the service's quota is lower than its model.
  ///   - isDrill: whether the instances are for trying out only. It is always said: what is not said is a recovery.
  /// - Throws: ``FailedCall``, e.g. with the code `ConflictException` where a job has one of the servers.
  public func start(
    _ servers: [String], isDrill: Bool, latest: Deadline = .never
  ) async throws(FailedCall) -> RecoveryJob {
    struct Server: Encodable, Sendable { var sourceServerID: String }
    struct Input: Encodable, Sendable { var sourceServers: [Server], isDrill: Bool }
    let input = Input(sourceServers: servers.map { Server(sourceServerID: $0) }, isDrill: isDrill)
    return try await changed("StartRecovery", input, latest)
  }

  /// Ends recovery instances and what belongs to them. A call whose answer is lost is not made again.
  /// - Parameter instances: the ids of 1 to 200 recovery instances.
  /// - Throws: ``FailedCall``, e.g. with the code `ConflictException`.
  public func terminate(
    _ instances: [String], latest: Deadline = .never
  ) async throws(FailedCall) -> RecoveryJob {
    struct Input: Encodable, Sendable { var recoveryInstanceIDs: [String] }
    return try await changed(
      "TerminateRecoveryInstances", Input(recoveryInstanceIDs: instances), latest)
  }

  // MARK: Calls

  private struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    var items: [Item]?
    var nextToken: String?
  }

  private struct Filtered<Filters: Encodable & Sendable>: Encodable, Sendable {
    var filters: Filters
    var nextToken: String?
  }

  private struct OfServers: Encodable, Sendable { var sourceServerIDs: [String]? }

  /// One for each call.
  private static func filters(_ servers: [String]?) -> [OfServers] {
    servers.map { $0.parts(of: mostServers).map { OfServers(sourceServerIDs: $0) } } ?? [OfServers()]
  }

  private struct Changed: Decodable, Sendable { var job: RecoveryJob }

  private func changed(
    _ operation: String, _ input: some Encodable & Sendable, _ latest: Deadline
  ) async throws(FailedCall) -> RecoveryJob {
    var options = ServiceClient.Options()
    options.isRepeatable = false
    options.latest = latest
    let answer: Changed = try await client.post(
      operation, region: region, [operation], json: input, options: options)
    return answer.job
  }

  private func all<Item: Decodable & Sendable, Filters: Encodable & Sendable>(
    _ operation: String, _ asked: [Filters], _ latest: Deadline
  ) async throws(FailedCall) -> [Item] {
    var items: [Item] = []
    for filters in asked {
      items += try await pages(operation, latest) { Filtered(filters: filters, nextToken: $0) }
    }
    return items
  }

  private func pages<Item: Decodable & Sendable>(
    _ operation: String, _ latest: Deadline, _ input: (String?) -> some Encodable & Sendable
  ) async throws(FailedCall) -> [Item] {
    var options = ServiceClient.Options()
    options.latest = latest
    options.maximumAnswer = Self.maximumAnswer
    var items: [Item] = []
    var token: String?
    repeat {
      let page: Page<Item> = try await client.post(
        operation, region: region, [operation], json: input(token), options: options)
      items += page.items ?? []
      // A service that gives the same token for ever would never end.
      token = page.nextToken == token ? nil : page.nextToken
    } while token != nil
    return items
  }
}

extension [String] {
  /// Parts of at most so many, in order.
  fileprivate func parts(of most: Int) -> [[String]] {
    stride(from: 0, to: count, by: most).map { Array(self[$0..<Swift.min($0 + most, count)]) }
  }
}
