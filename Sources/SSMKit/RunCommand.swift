import AWSClient
import Groundwork

/// Sends scripts through SSM Run Command, tells how they stand, and stops them.
public struct RunCommand: Sendable {
  let client: ServiceClient
  let gates = RunCommandGates()
  let listing = ListingSupport()

  /// - Parameter client: calls SSM.
  public init(_ client: ServiceClient) { self.client = client }

  /// Sends a command once. However often it is throttled, it is patient until `latest`.
  /// - Returns: the command's id, the same for all its instances.
  /// - Throws: ``CommandRefusal`` when there is no command, as far as can be seen.
  public func send(_ request: CommandRequest, latest: Deadline) async throws(CommandRefusal) -> String {
    try await CommandSender(client: client, gates: gates, request: request, latest: latest).send()
  }

  /// Looks once how a command stands.
  /// - Parameter execution: what ``CommandMark/execution(_:)`` says of the execution that it was sent for; a command
  ///   of somebody else's is none of ours. nil where it was sent without a mark.
  /// - Returns: nil while it is running or not yet known to the service.
  /// - Throws: ``AWSError`` when the service would not say; ``AWSError/isPassing`` tells whether it may say later.
  public func look(
    at commandID: String, on instanceID: InstanceID, in region: Region, execution: String? = nil,
    latest: Deadline
  ) async throws(AWSError) -> CommandResult? {
    var options = ServiceClient.Options()
    options.isOneOfMany = true
    options.latest = latest
    let question = GetCommandInvocation.Input(commandID: commandID, instanceID: instanceID.text)
    do {
      let invocation: GetCommandInvocation.Output = try await client.call(
        GetCommandInvocation.name, region: region, question, options: options
      ) {
        $0.isAbout(question) && CommandMark.mayBelong($0.comment, to: execution)
      }
      return CommandResult(invocation, commandID: commandID, instanceID: instanceID.text)
    } catch {
      // Right after SendCommand the invocation may be unknown for seconds.
      if error.error.code == "InvocationDoesNotExist" { return nil }
      guard error.error.code == "InvalidPluginName" else { throw error.error }
      return try await lookAtAllSteps(of: commandID, on: instanceID, in: region, options)
    }
  }

  /// How a command ended, with all its output.
  /// - Parameter execution: as of ``look(at:on:in:execution:latest:)``.
  /// - Returns: nil while it is running or not yet known to the service.
  /// - Throws: ``AWSError`` when the service would not say; ``AWSError/isPassing`` tells whether it may say later.
  public func output(
    of command: SentCommand, execution: String? = nil, latest: Deadline
  ) async throws(AWSError) -> CommandResult? {
    try await look(
      at: command.commandID, on: command.instanceID, in: command.region, execution: execution, latest: latest)
  }

  /// Of a document with several steps GetCommandInvocation tells one step's state, by its name, which we don't
  /// know. The command as a whole has a state too, though no output.
  private func lookAtAllSteps(
    of commandID: String, on instanceID: InstanceID, in region: Region, _ options: ServiceClient.Options
  ) async throws(AWSError) -> CommandResult? {
    var options = options
    options.maximumAnswer = ListCommands.maximumAnswer
    do {
      let page: ListCommands.Output = try await client.call(
        ListCommands.name, region: region,
        ListCommands.Input(commandID: commandID, instanceID: instanceID.text), options: options)
      return page.commands?.first { $0.commandID == commandID }
        .flatMap { CommandResult($0, instanceID: instanceID.text) }
    } catch {
      throw error.error
    }
  }
}
