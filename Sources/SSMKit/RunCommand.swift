import AWSClient
import Groundwork

/// Sends scripts through SSM Run Command and waits for their end.
public struct RunCommand: Sendable {
  /// What CancelCommand may take, where nothing presses.
  public static let usualPatience = Duration.seconds(3)

  let client: ServiceClient
  private let longestPause: Duration
  let gates = RunCommandGates()
  let listing = ListingSupport()

  /// - Parameter longestPause: the longest pause between polls.
  public init(_ client: ServiceClient, longestPause: Duration) {
    self.client = client
    self.longestPause = longestPause
  }

  /// Sends a command to one instance and polls it to its end or the timeout; what is given up is cancelled.
  /// - Parameter latest: when to give up even before the timeout.
  /// - Returns: a structured result in every case; nothing is thrown.
  public func sendAndWait(_ request: CommandRequest, latest: Deadline = .never) async -> CommandResult {
    guard request.instanceIDs.count == 1, let instanceID = request.instanceIDs.first else {
      return CommandResult(
        .failed, stderr: "the command was not sent: the end of one is waited for on one instance")
    }
    do {
      let commandID = try await send(request, latest: latest)
      return await wait(
        for: SentCommand(commandID: commandID, instanceID: instanceID, region: request.region), request,
        latest)
    } catch {
      return error.result(for: instanceID)
    }
  }

  /// Sends a command, or finds the one with the same mark that is there already. However often it is throttled, it is
  /// patient until `latest`.
  /// - Returns: the command's id, the same for all its instances.
  /// - Throws: ``CommandRefusal`` when there is no command, as far as can be seen.
  public func send(_ request: CommandRequest, latest: Deadline) async throws(CommandRefusal) -> String {
    try await CommandSender(client: client, gates: gates, request: request, latest: latest).send()
  }

  /// Looks once how a command stands.
  /// - Parameter execution: what ``CommandMark/execution(_:)`` says of the execution that it was sent for; a command
  ///   of somebody else's is none of ours. nil where it was sent without a mark.
  /// - Returns: nil while it is running or not yet known to the service.
  /// - Throws: ``AWSError`` when the service would not say; ``isFinal(_:)`` tells whether it ever will.
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

  /// Whether looking again makes no sense. Throttling and a service out of reach may pass.
  public static func isFinal(_ error: AWSError) -> Bool { !error.isPassing }

  /// Asks for a command's end, once and briefly.
  /// - Parameter patience: what the request may take.
  /// - Returns: in words how that went.
  public func cancel(
    _ commandID: String, on instanceID: InstanceID, in region: Region, patience: Duration = usualPatience
  ) async -> String {
    var options = ServiceClient.Options()
    options.maximumAttempts = 1
    options.latest = Deadline(client.clock.now() + patience)
    do {
      try await cancel(commandID, on: [instanceID], in: region, options)
      return "it was asked to stop (CancelCommand)"
    } catch {
      return "it may still be running, for it could not be cancelled: \(error.error)"
    }
  }

  // MARK: Waiting

  private func wait(
    for command: SentCommand, _ request: CommandRequest, _ latest: Deadline
  ) async -> CommandResult {
    let timeout = Deadline(client.clock.now() + request.timeout)
    let end = min(timeout, latest)
    var schedule = PollSchedule(longest: longestPause, random: client.random)
    var trouble: AWSError?
    repeat {
      let pause = min(schedule.next(), max(end.left(at: client.clock.now()) ?? .zero, .zero))
      do { try await client.clock.sleep(pause) } catch {
        let reason = "the function was asked to end before the command had ended"
        return await giveUp(command, reason, trouble, patience: Self.patienceWhenInterrupted)
      }
      do throws(AWSError) {
        let latest = max(end, Deadline(client.clock.now() + Self.lastPoll))
        if let result = try await output(
          of: command, execution: request.mark?.execution, latest: latest)
        {
          return result
        }
        trouble = nil
      } catch {
        if Self.isFinal(error) { return .lost(command.commandID, on: command.instanceID, error) }
        trouble = error
      }
    } while !end.hasCome(at: client.clock.now())
    if end == timeout {
      let reason =
        "the command had not ended after \(request.timeout.inWholeSeconds) s (\(request.timeoutName))"
      return await giveUp(command, reason, trouble, patience: Self.usualPatience)
    }
    let reason = "the command had not ended shortly before the invocation's own deadline"
    return await giveUp(command, reason, trouble, patience: Self.patienceAtDeadline)
  }

  // MARK: Ends without an end

  private func giveUp(
    _ command: SentCommand, _ reason: String, _ trouble: AWSError?, patience: Duration
  ) async -> CommandResult {
    var result = CommandResult(
      .timedOut, commandID: command.commandID, instanceID: command.instanceID.text, stderr: reason)
    if let trouble { result.add(reason: "the last poll failed: \(trouble)") }
    result.add(
      reason: await cancel(
        command.commandID, on: command.instanceID, in: command.region, patience: patience))
    return result
  }

  /// What the poll at the very end may take.
  private static let lastPoll = Duration.milliseconds(500)
  /// The caller keeps at least a second back for the end of an invocation.
  private static let patienceAtDeadline = Duration.milliseconds(800)
  /// Half a second after SIGTERM the process is killed.
  private static let patienceWhenInterrupted = Duration.milliseconds(350)
}
