import SSMKit

/// Stops the commands that an execution has left running; they are found by their marks, so an execution that
/// was stopped from outside need not say which they are.
struct Cancellation: Sendable {
  /// Seconds between the looks: the list lags for up to ten, and a function that was sending when the execution
  /// was stopped goes on for a while.
  private static let looks: [Double] = [0, 5, 5]

  let phase: Phase
  let regions: [Region]
  let running: RunningCommands
  let runCommand: RunCommand
  let clock: Clock

  /// - Parameter execution: the root execution's ARN.
  /// - Throws: ``PhaseError`` when a region's commands can't be listed, after the others' were stopped.
  func run(
    _ execution: String, latest: Double?, log: @escaping PhaseHandler.Log
  ) async throws(PhaseError) -> CancelAnswer {
    let mark = CommandMark.execution(execution)
    let stopped = await concurrently(regions) { await self.stop(mark, in: $0, latest, log) }
    var commands: [String] = []
    var failure: AWSError?
    for outcome in stopped.values {
      switch outcome {
      case .success(let some): commands += some
      case .failure(let error): failure = error
      }
    }
    if let failure {
      throw PhaseError(type: failure.type, message: "not all running commands are known: \(failure)")
    }
    return CancelAnswer(phase: phase, cancelled: commands.sorted())
  }

  private func stop(
    _ mark: String, in region: Region, _ latest: Double?, _ log: @escaping PhaseHandler.Log
  ) async -> Result<[String], AWSError> {
    var stopped: Set<String> = []
    for pause in Self.looks where clock.monotonic() + pause < latest ?? .infinity {
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
          log(false, "command \(command.commandID) on \(instance): \(how)", [])
        }
      }
    }
    return .success(Array(stopped))
  }
}
