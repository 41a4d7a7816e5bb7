import AWSClient
import Groundwork
import SSMKit

/// Stops the commands that an execution has left running; they are found by their marks, so an execution that
/// was stopped from outside need not say which they are.
struct Cancellation: Sendable {
  /// Between the looks: the list lags for up to ten, and a function that was sending when the execution
  /// was stopped goes on for a while.
  private static let looks: [Duration] = [.zero, .seconds(5), .seconds(5)]
  /// For how long commands that were asked to stop are looked at between two looks.
  private static let patience = Duration.seconds(5)

  let regions: [Region]
  let runCommand: RunCommand
  let clock: Clock

  /// - Parameter execution: the execution's ARN.
  /// - Throws: ``Failure`` when a region's commands can't be listed, or some could not be asked to stop, after all others
  ///   were.
  func run(_ execution: String, latest: Deadline, _ logger: Logger) async throws(Failure) -> Stopped {
    let stopped = await concurrently(regions) {
      await self.stop(CommandMark.execution(execution), in: $0, latest, logger)
    }
    var all = Stopped()
    var failure: AWSError?
    for (some, error) in stopped.values {
      all.cancelled.formUnion(some.cancelled)
      all.asked.formUnion(some.asked)
      failure = failure ?? error
    }
    if let failure {
      throw Failure(type: failure.type, message: "not all running commands were stopped: \(failure)")
    }
    return all
  }

  private func stop(
    _ execution: String, in region: Region, _ latest: Deadline, _ logger: Logger
  ) async -> (Stopped, AWSError?) {
    let since = clock.wall()
    var outcomes: [SentCommand: CancelOutcome] = [:]
    for pause in Self.looks where !latest.hasCome(at: clock.now() + pause) {
      do { try await clock.sleep(pause) } catch { break }
      let commands: Set<SentCommand>
      do throws(AWSError) {
        commands = try await runCommand.running(of: execution, in: region, latest: latest)
      } catch {
        return (Self.stopped(outcomes), error)
      }
      // Asked once is enough, unless nobody has heard it.
      let open = commands.filter { if case .failed? = outcomes[$0] { true } else { outcomes[$0] == nil } }
      let new = await runCommand.cancel(
        open, since: since, execution: execution,
        latest: min(latest, Deadline(clock.now() + Self.patience)))
      for (command, outcome) in new {
        logger.log(.info, "command \(command.commandID) on \(command.instanceID): \(outcome.words)")
      }
      outcomes.merge(new) { $1 }
    }
    let failures = outcomes.values.lazy.compactMap { if case .failed(let error) = $0 { error } else { nil } }
    return (Self.stopped(outcomes), failures.first)
  }

  private static func stopped(_ outcomes: [SentCommand: CancelOutcome]) -> Stopped {
    var stopped = Stopped()
    for (command, outcome) in outcomes {
      switch outcome {
      case .cancelled: stopped.cancelled.insert(command.commandID)
      case .asked: stopped.asked.insert(command.commandID)
      case .ended, .failed: break
      }
    }
    stopped.cancelled.subtract(stopped.asked)
    return stopped
  }
}

/// What became of what an execution had started, by their ids; of a command that went to many hosts the worst counts.
public struct Stopped: Sendable {
  /// They were stopped.
  public var cancelled: Set<String>
  /// They were asked to stop, and nobody has seen them end so far.
  public var asked: Set<String>

  /// Nothing, unless it is said otherwise.
  public init(cancelled: Set<String> = [], asked: Set<String> = []) {
    self.cancelled = cancelled
    self.asked = asked
  }
}

extension CancelOutcome {
  /// What became of a command, for people.
  var words: String {
    switch self {
    case .cancelled: "it was stopped"
    case .asked: "it was asked to stop (CancelCommand)"
    case .ended(let end): "it ended as \(end.status.rawValue) when it was asked to stop"
    case .failed(let error): "it may still be running, for it could not be cancelled: \(error)"
    }
  }
}
