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

  /// How a command ended, with all its output.
  /// - Parameter execution: what ``CommandMark/execution(_:)`` says of the execution that it was sent for; a command
  ///   of somebody else's is none of ours. nil where it was sent without a mark.
  /// - Returns: nil while it is running or not yet known to the service.
  /// - Throws: ``AWSError`` where the service would not say now; ``AWSError/isPassing`` tells whether it may say later.
  public func output(
    of command: SentCommand, execution: String? = nil, latest: Deadline
  ) async throws(AWSError) -> CommandResult? {
    var options = ServiceClient.Options()
    options.isOneOfMany = true
    options.latest = latest
    let (id, instance) = (command.commandID, command.instanceID.text)
    let question = GetCommandInvocation.Input(commandID: id, instanceID: instance)
    do {
      let invocation: GetCommandInvocation.Output = try await client.call(
        GetCommandInvocation.name, region: command.region, question, options: options
      ) {
        $0.isAbout(question) && CommandMark.mayBelong($0.comment, to: execution)
      }
      return CommandResult(invocation, commandID: id, instanceID: instance)
    } catch {
      // Right after SendCommand the invocation may be unknown for seconds.
      if error.error.code == "InvocationDoesNotExist" { return nil }
      guard error.error.code == "InvalidPluginName" else { throw error.error }
      return try await wholeState(of: command, options)
    }
  }

  /// Of a document with several steps GetCommandInvocation tells one step's state, by its name, which we don't
  /// know. The command as a whole has a state too, though no output.
  private func wholeState(
    of command: SentCommand, _ options: ServiceClient.Options
  ) async throws(AWSError) -> CommandResult? {
    var options = options
    options.maximumAnswer = ListCommands.maximumAnswer
    let (id, instance) = (command.commandID, command.instanceID.text)
    do {
      let page: ListCommands.Output = try await client.call(
        ListCommands.name, region: command.region, ListCommands.Input(commandID: id, instanceID: instance),
        options: options)
      return page.commands?.first { $0.commandID == id }.flatMap { CommandResult($0, instanceID: instance) }
    } catch {
      throw error.error
    }
  }
}
