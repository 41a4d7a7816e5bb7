import AWSClient
import Groundwork

/// What became of a command that was asked to stop.
public enum CancelOutcome: Sendable, Equatable {
  /// It was stopped.
  case cancelled
  /// It had ended, or ended by itself.
  case ended(CommandResult)
  /// It was asked to stop, and nobody has seen it end so far.
  case asked
  /// It could not be asked, and may be running.
  case failed(AWSError)
}

extension RunCommand {
  private static let firstPause = Duration.milliseconds(500)
  private static let longestPauseBetweenLooks = Duration.seconds(5)

  /// Asks commands to stop, all at once, and looks whether they did. What is throttled or gets no answer is asked again.
  /// - Parameters:
  ///   - since: when the first of them was sent, or before.
  ///   - execution: as of ``standings(of:since:execution:latest:)``.
  ///   - latest: when to stop looking; an agent may take its time.
  /// - Returns: what became of each.
  public func cancel(
    _ commands: some Collection<SentCommand> & Sendable, since: UnixTime, execution: String? = nil,
    latest: Deadline
  ) async -> [SentCommand: CancelOutcome] {
    var outcomes: [SentCommand: CancelOutcome] = [:]
    var open = Set(commands)
    var pause = Self.firstPause
    while !open.isEmpty {
      outcomes.merge(await ask(open.filter { outcomes[$0] != .asked }, latest)) { $1 }
      do {
        let left = latest.left(at: client.clock.now()) ?? pause
        guard left > .zero else { break }
        try await client.clock.sleep(min(pause, left))
      } catch { break }
      pause = min(pause * 2, Self.longestPauseBetweenLooks)
      for (command, standing) in await standings(of: open, since: since, execution: execution, latest: latest)
      {
        guard case .ended(let result) = standing else { continue }
        outcomes[command] = result.wasCancelled ? .cancelled : .ended(result)
        open.remove(command)
      }
      // Who says no for good will say so again.
      open = open.filter { command in
        if case .failed(let error) = outcomes[command] { error.isPassing } else { true }
      }
    }
    return outcomes
  }

  /// One request for all of a command's instances.
  private func ask(_ commands: Set<SentCommand>, _ latest: Deadline) async -> [SentCommand: CancelOutcome] {
    var options = ServiceClient.Options()
    options.latest = latest
    let byCommand = Dictionary(grouping: commands) { Key(commandID: $0.commandID, region: $0.region) }
    let asked = await concurrently(byCommand.keys) { [options] key in
      let instances = (byCommand[key] ?? []).map(\.instanceID)
      let late = FailedCall(.late(CancelCommand.name, in: key.region))
      do throws(FailedCall) {
        try await gates.sending(in: key.region).pass(latest: latest, client.clock, orThrow: late) {
          () async throws(FailedCall) in
          try await cancel(key.commandID, on: instances, in: key.region, options)
        }
        return CancelOutcome.asked
      } catch {
        return .failed(error.error)
      }
    }
    return commands.reduce(into: [:]) {
      $0[$1] = asked[Key(commandID: $1.commandID, region: $1.region)]
    }
  }

  private struct Key: Hashable, Sendable {
    var commandID: String
    var region: Region
  }

  /// - Parameter instances: at most fifty, as of every command.
  func cancel(
    _ commandID: String, on instances: [InstanceID], in region: Region, _ options: ServiceClient.Options
  ) async throws(FailedCall) {
    var options = options
    options.isOneOfMany = true
    options.isCancellable = false
    let _: CancelCommand.Output = try await client.call(
      CancelCommand.name, region: region,
      CancelCommand.Input(commandID: commandID, instanceIDs: instances.map(\.text)), options: options)
  }
}
