import AWSClient
import Groundwork
import SSMKit

/// Stops the commands that an execution has left running; they are found by their marks, so an execution that
/// was stopped from outside need not say which they are.
struct Cancellation: Sendable {
  /// Between the looks: the list lags for up to ten, and a function that was sending when the execution
  /// was stopped goes on for a while.
  private static let looks: [Duration] = [.zero, .seconds(5), .seconds(5)]

  let regions: [Region]
  let running: RunningCommands
  let runCommand: RunCommand
  let clock: Clock

  /// - Parameter execution: the root execution's ARN.
  /// - Returns: the ids of the commands that were asked to stop.
  /// - Throws: ``Failure`` when a region's commands can't be listed, after the others' were stopped.
  func run(
    _ execution: String, latest: Deadline, _ logger: Logger
  ) async throws(Failure) -> [String] {
    let mark = CommandMark.execution(execution)
    let stopped = await concurrently(regions) { await self.stop(mark, in: $0, latest, logger) }
    var commands: [String] = []
    var failure: AWSError?
    for outcome in stopped.values {
      switch outcome {
      case .success(let some): commands += some
      case .failure(let error): failure = error
      }
    }
    if let failure {
      throw Failure(type: failure.type, message: "not all running commands are known: \(failure)")
    }
    return commands.sorted()
  }

  private func stop(
    _ mark: String, in region: Region, _ latest: Deadline, _ logger: Logger
  ) async -> Result<[String], AWSError> {
    var stopped: Set<String> = []
    for pause in Self.looks where !latest.hasCome(at: clock.now() + pause) {
      do { try await clock.sleep(pause) } catch { break }
      let found: [RunningCommands.Found]
      do throws(AWSError) {
        found = try await running.find(execution: mark, in: region, latest: latest)
      } catch {
        return .failure(error)
      }
      for command in found where stopped.insert(command.commandID).inserted {
        for instance in command.instances {
          let how = await runCommand.cancel(command.commandID, on: instance, in: region)
          logger.log(.info, "command \(command.commandID) on \(instance): \(how)")
        }
      }
    }
    return .success(Array(stopped))
  }
}
