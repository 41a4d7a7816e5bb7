/// A script for one instance.
public struct CommandRequest: Sendable {
  /// The instance that runs it.
  public var instanceID: InstanceID
  /// The instance's own.
  public var region: Region
  /// The whole script; the agent runs it as a file, so its first line counts. Made when it is sent: a fleet's
  /// scripts would fill a small function's memory.
  public var script: @Sendable () -> String
  /// At most 100 characters, shown in the command history.
  public var comment: String
  /// Seconds for which the script may run, and for which its end is waited for after SendCommand's answer.
  public var executionTimeout: Int

  /// A script and where it runs.
  public init(
    instanceID: InstanceID, region: Region, script: @autoclosure @escaping @Sendable () -> String,
    comment: String, executionTimeout: Int
  ) {
    self.instanceID = instanceID
    self.region = region
    self.script = script
    self.comment = comment
    self.executionTimeout = executionTimeout
  }
}

/// Sends scripts through SSM Run Command and waits for their end.
public struct RunCommand: Sendable {
  /// Commands that are being sent at once.
  private static let sendingAtOnce = 64

  private let client: AWSClient
  private let longestPause: Double
  private let gate = Gate(width: sendingAtOnce)

  /// - Parameter longestPause: the longest pause between polls in seconds.
  public init(_ client: AWSClient, longestPause: Double) {
    self.client = client
    self.longestPause = longestPause
  }

  /// Sends a command and polls it to its end or the timeout; what is given up is cancelled.
  /// - Parameter latest: monotonic time at which to give up even before the timeout.
  /// - Returns: a structured result in every case; nothing is thrown.
  public func sendAndWait(_ request: CommandRequest, latest: Double? = nil) async -> CommandResult {
    do {
      let sender = CommandSender(client: client, gate: gate, request: request, latest: latest)
      let commandID = try await sender.send()
      return await wait(for: commandID, request, latest)
    } catch {
      return CommandResult(
        error.isTimeout ? .timedOut : .failed, instanceID: request.instanceID.text, stderr: error.reason)
    }
  }

  // MARK: Waiting

  private func wait(for commandID: String, _ request: CommandRequest, _ latest: Double?) async
    -> CommandResult
  {
    let timeout = client.clock.monotonic() + Double(request.executionTimeout)
    let end = min(timeout, latest ?? .infinity)
    var schedule = PollSchedule(longest: longestPause, random: client.random)
    var trouble: AWSError?
    repeat {
      let pause = min(schedule.next(), max(end - client.clock.monotonic(), 0))
      do { try await client.clock.sleep(pause) } catch {
        let reason = "the function was asked to end before the command had ended"
        return await giveUp(commandID, request, reason, trouble, patience: Self.patienceWhenInterrupted)
      }
      switch await poll(commandID, request, latest: max(end, client.clock.monotonic() + Self.lastPoll)) {
      case .success(let result?): return result
      case .success(nil): trouble = nil
      case .failure(let error) where Self.isFinal(error): return lost(commandID, request, error)
      case .failure(let error): trouble = error
      }
    } while client.clock.monotonic() < end
    if end == timeout {
      let reason = "the command had not ended after \(request.executionTimeout) s (SSM_TIMEOUT)"
      return await giveUp(commandID, request, reason, trouble, patience: Self.patience)
    }
    let reason = "the command had not ended shortly before the invocation's own deadline"
    return await giveUp(commandID, request, reason, trouble, patience: Self.patienceAtDeadline)
  }

  /// nil while the command is running or not yet known to the service.
  private func poll(
    _ commandID: String, _ request: CommandRequest, latest: Double
  ) async -> Result<CommandResult?, AWSError> {
    var options = AWSClient.Options()
    options.latest = latest
    do {
      let invocation: GetCommandInvocation.Output = try await client.call(
        GetCommandInvocation.name, region: request.region.name,
        GetCommandInvocation.Input(commandID: commandID, instanceID: request.instanceID.text),
        options: options)
      return .success(CommandResult(invocation, commandID: commandID, instanceID: request.instanceID.text))
    } catch {
      // Right after SendCommand the invocation may be unknown for seconds.
      if error.error.code == "InvocationDoesNotExist" { return .success(nil) }
      return .failure(error.error)
    }
  }

  /// Whether polling on makes no sense. Throttling and a service out of reach may pass.
  private static func isFinal(_ error: AWSError) -> Bool {
    switch error {
    case .service(let error): RetryPolicy.reason(status: error.status, code: error.code) == nil
    case .unreachable: false
    case .configuration: true
    }
  }

  // MARK: Ends without an end

  private func lost(_ commandID: String, _ request: CommandRequest, _ error: AWSError) -> CommandResult {
    CommandResult(
      .failed, commandID: commandID, instanceID: request.instanceID.text,
      stderr: "the command was sent, but its end can't be seen: \(error)")
  }

  private func giveUp(
    _ commandID: String, _ request: CommandRequest, _ reason: String, _ trouble: AWSError?, patience: Double
  ) async -> CommandResult {
    var result = CommandResult(
      .timedOut, commandID: commandID, instanceID: request.instanceID.text, stderr: reason)
    if let trouble { result.add(reason: "the last poll failed: \(trouble)") }
    result.add(reason: await cancel(commandID, request, patience))
    return result
  }

  /// Asks for the command's end, once and briefly; says how that went.
  private func cancel(_ commandID: String, _ request: CommandRequest, _ patience: Double) async -> String {
    var options = AWSClient.Options()
    options.maximumAttempts = 1
    options.isCancellable = false
    options.latest = client.clock.monotonic() + patience
    do {
      let _: CancelCommand.Output = try await client.call(
        CancelCommand.name, region: request.region.name,
        CancelCommand.Input(commandID: commandID, instanceIDs: [request.instanceID.text]), options: options)
      return "it was asked to stop (CancelCommand)"
    } catch {
      return "it may still be running, for it could not be cancelled: \(error.error)"
    }
  }

  /// Seconds that the poll at the very end may take.
  private static let lastPoll: Double = 0.5
  /// Seconds that CancelCommand may take.
  private static let patience: Double = 3
  /// The caller keeps at least a second back for the end of an invocation.
  private static let patienceAtDeadline: Double = 0.8
  /// Half a second after SIGTERM the process is killed.
  private static let patienceWhenInterrupted: Double = 0.35
}
