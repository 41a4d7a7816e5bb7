import AWSClient
import Groundwork

/// The commands of an execution that have not ended, found by their marks.
public struct RunningCommands: Sendable {
  /// A command and where it runs.
  public struct Found: Sendable, Equatable {
    /// The command's id.
    public var commandID: String
    /// Instances that it was sent to; every command of ours has one.
    public var instances: [InstanceID]
  }

  private static let statuses = ["Pending", "InProgress"]

  private let client: ServiceClient

  /// - Parameter client: calls SSM.
  public init(_ client: ServiceClient) { self.client = client }

  /// All commands of an execution that are waiting or running in a region.
  /// - Parameter execution: what ``CommandMark/execution(_:)`` says of it.
  /// - Throws: ``AWSError`` when the history can't be read.
  public func find(execution: String, in region: Region, latest: Deadline) async throws(AWSError) -> [Found] {
    var found: [Found] = []
    var known: Set<String> = []
    for status in Self.statuses {
      for command in try await commands(status, region, latest) {
        guard CommandMark.text(in: command.comment, of: execution) != nil, command.status == status,
          known.insert(command.commandID).inserted
        else { continue }
        found.append(
          Found(
            commandID: command.commandID, instances: (command.instanceIDs ?? []).compactMap { InstanceID($0) }
          ))
      }
    }
    return found
  }

  private func commands(
    _ status: String, _ region: Region, _ latest: Deadline
  ) async throws(AWSError) -> [Command] {
    var options = ServiceClient.Options()
    options.latest = latest
    options.isOneOfMany = true
    options.maximumAnswer = ListCommands.maximumAnswer
    var commands: [Command] = []
    var token: String?
    repeat {
      do {
        let page: ListCommands.Output = try await client.call(
          ListCommands.name, region: region,
          ListCommands.Input(filters: [.status(status)], nextToken: token), options: options)
        commands += page.commands ?? []
        token = nextPage(page.nextToken, after: token)
      } catch {
        throw error.error
      }
    } while token != nil
    return commands
  }
}
