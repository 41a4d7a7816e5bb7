import AWSClient
import Groundwork

/// Sends scripts through SSM Run Command and waits for their end.
public struct RunCommand: Sendable {
  /// Commands that are being sent at once.
  private static let sendingAtOnce = 64
  /// What CancelCommand may take, where nothing presses.
  public static let usualPatience = Duration.seconds(3)

  private let client: ServiceClient
  private let longestPause: Duration
  private let gate = Gate(width: sendingAtOnce)
  /// A page of the history is the largest answer there is.
  private let historyGate = Gate(width: 4)

  /// - Parameter longestPause: the longest pause between polls.
  public init(_ client: ServiceClient, longestPause: Duration) {
    self.client = client
    self.longestPause = longestPause
  }

  /// Sends a command and polls it to its end or the timeout; what is given up is cancelled.
  /// - Parameter latest: when to give up even before the timeout.
  /// - Returns: a structured result in every case; nothing is thrown.
  public func sendAndWait(_ request: CommandRequest, latest: Deadline = .never) async -> CommandResult {
    do {
      let commandID = try await send(request, latest: latest)
      return await wait(for: commandID, request, latest)
    } catch {
      return error.result(for: request.instanceID)
    }
  }

  /// Sends a command, or finds the one with the same mark that is there already.
  /// - Returns: the command's id.
  /// - Throws: ``CommandRefusal`` when there is no command, as far as can be seen.
  public func send(_ request: CommandRequest, latest: Deadline) async throws(CommandRefusal) -> String {
    try await CommandSender(
      client: client, gate: gate, historyGate: historyGate, request: request, latest: latest
    ).send()
  }

  /// Looks once at the end of a command that was sent before with the same mark. Nothing is sent.
  /// - Returns: nil where there is none, it has not ended, or the service would not say.
  public func lookAgain(at request: CommandRequest, latest: Deadline) async -> CommandResult? {
    let sender = CommandSender(
      client: client, gate: gate, historyGate: historyGate, request: request, latest: latest)
    guard let commandID = try? await sender.sentBefore() else { return nil }
    return try? await look(
      at: commandID, on: request.instanceID, in: request.region, execution: request.mark?.execution,
      latest: latest)
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
  public static func isFinal(_ error: AWSError) -> Bool {
    switch error {
    case .service(let error): RetryPolicy.reason(status: error.status, code: error.code) == nil
    case .unreachable, .late: false
    case .configuration: true
    }
  }

  /// Asks for a command's end, once and briefly.
  /// - Parameter patience: what the request may take.
  /// - Returns: in words how that went.
  public func cancel(
    _ commandID: String, on instanceID: InstanceID, in region: Region, patience: Duration = usualPatience
  ) async -> String {
    var options = ServiceClient.Options()
    options.maximumAttempts = 1
    options.isCancellable = false
    options.latest = Deadline(client.clock.now() + patience)
    do {
      let _: CancelCommand.Output = try await client.call(
        CancelCommand.name, region: region,
        CancelCommand.Input(commandID: commandID, instanceIDs: [instanceID.text]), options: options)
      return "it was asked to stop (CancelCommand)"
    } catch {
      return "it may still be running, for it could not be cancelled: \(error.error)"
    }
  }

  // MARK: Waiting

  private func wait(for commandID: String, _ request: CommandRequest, _ latest: Deadline) async
    -> CommandResult
  {
    let timeout = Deadline(client.clock.now() + request.timeout)
    let end = min(timeout, latest)
    var schedule = PollSchedule(longest: longestPause, random: client.random)
    var trouble: AWSError?
    repeat {
      let pause = min(schedule.next(), max(end.left(at: client.clock.now()) ?? .zero, .zero))
      do { try await client.clock.sleep(pause) } catch {
        let reason = "the function was asked to end before the command had ended"
        return await giveUp(commandID, request, reason, trouble, patience: Self.patienceWhenInterrupted)
      }
      do throws(AWSError) {
        let latest = max(end, Deadline(client.clock.now() + Self.lastPoll))
        if let result = try await look(
          at: commandID, on: request.instanceID, in: request.region, execution: request.mark?.execution,
          latest: latest)
        {
          return result
        }
        trouble = nil
      } catch {
        if Self.isFinal(error) { return .lost(commandID, on: request.instanceID, error) }
        // A poll that the end cuts short says less than what an earlier one met.
        if trouble == nil || !end.hasCome(at: client.clock.now()) { trouble = error }
      }
    } while !end.hasCome(at: client.clock.now())
    if end == timeout {
      let reason =
        "the command had not ended after \(request.timeout.inWholeSeconds) s (\(request.timeoutName))"
      return await giveUp(commandID, request, reason, trouble, patience: Self.usualPatience)
    }
    let reason = "the command had not ended shortly before the invocation's own deadline"
    return await giveUp(commandID, request, reason, trouble, patience: Self.patienceAtDeadline)
  }

  // MARK: Ends without an end

  private func giveUp(
    _ commandID: String, _ request: CommandRequest, _ reason: String, _ trouble: AWSError?, patience: Duration
  ) async -> CommandResult {
    var result = CommandResult(
      .timedOut, commandID: commandID, instanceID: request.instanceID.text, stderr: reason)
    if let trouble { result.add(reason: "the last poll failed: \(trouble)") }
    result.add(
      reason: await cancel(commandID, on: request.instanceID, in: request.region, patience: patience))
    return result
  }

  /// What the poll at the very end may take.
  private static let lastPoll = Duration.milliseconds(500)
  /// The caller keeps at least a second back for the end of an invocation.
  private static let patienceAtDeadline = Duration.milliseconds(800)
  /// Half a second after SIGTERM the process is killed.
  private static let patienceWhenInterrupted = Duration.milliseconds(350)
}
