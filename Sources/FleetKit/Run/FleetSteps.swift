import AWSClient
import Groundwork
import SSMKit

/// A fleet's work in short actions, so that nobody waits while the hosts work: `start` sends the commands, `check`
/// asks how they stand, until all have ended or the time is over.
struct FleetSteps<Work: FleetWork>: Sendable {
  typealias Result = TargetResult<Work.Details>

  let run: TargetRun<Work>

  private var work: Work { run.work }
  private var limit: Duration { run.event.timeout }
  private var share: OutputShare { OutputShare(targets: work.targets.count) }

  /// What a step found: the progress to go on with, and the results of all targets once all have ended.
  struct Outcome {
    var progress: Progress
    var results: [String: Result]?
  }

  /// One target after a step; the result where this step has seen it.
  private struct Step: Sendable {
    var progress: TargetProgress
    var result: Result?
  }

  /// - Returns: nil for an action that is not done in steps.
  func step(_ action: Action, _ progress: Progress?) async -> Outcome? {
    switch (action, progress) {
    case (.start, _): await start()
    case (.check, let progress?): await check(progress)
    default: nil
    }
  }

  private func start() async -> Outcome {
    let begun = Progress(started: run.clock.wall(), targets: [:])
    let steps = await concurrently(work.targets) { await self.begin($0, elapsed: .zero) }
    return await outcome(begun, steps, isFirst: true)
  }

  private func check(_ progress: Progress) async -> Outcome {
    let elapsed = run.clock.wall() - progress.started
    let steps = await concurrently(work.targets) { target in
      await self.advance(target, progress[target], elapsed: elapsed)
    }
    return await outcome(progress, steps, isFirst: false)
  }

  private func outcome(_ before: Progress, _ steps: [Target: Step], isFirst: Bool) async -> Outcome {
    let targets = steps.mapValues(\.progress).byName
    let progress =
      isFirst ? Progress(started: before.started, targets: targets) : before.next(targets)
    guard progress.pending == 0 else { return Outcome(progress: progress) }
    let results = await concurrently(work.targets) { target in
      guard let step = steps[target] else { return Result.failed("no step was made") }
      if let result = step.result { return result }
      return share.applied(to: await self.result(of: target, step.progress))
    }
    return Outcome(progress: progress, results: results.byName)
  }

  // MARK: One target's step

  private func advance(_ target: Target, _ progress: TargetProgress, elapsed: Duration) async -> Step {
    switch progress {
    case .waiting where elapsed >= limit:
      without(
        Result(
          CommandResult(
            .timedOut, stderr: "its host was not online within \(limit.inWholeSeconds) s (timeout)")))
    case .waiting: await begin(target, elapsed: elapsed)
    case .running(let commandID, let number, let asksWhy):
      await look(target, commandID, Look(number: number, asksWhy: asksWhy), elapsed)
    case .ended, .without: Step(progress: progress)
    }
  }

  private func begin(_ target: Target, elapsed: Duration) async -> Step {
    do throws(Obstacle) {
      let place = try target.place()
      // A host that stays away is tried at the end: the service says best what is wrong with it.
      if work.waitsForHosts, !run.online.contains(place.instanceID),
        elapsed < min(run.services.settings.onlineTimeout, limit)
      {
        return Step(progress: .waiting)
      }
      return try await send(target, place, Look())
    } catch {
      return without(run.blocked(target, error.reason))
    }
  }

  private func send(
    _ target: Target, _ place: Target.Place, _ look: Look
  ) async throws(Obstacle) -> Step {
    guard let document = try work.command(for: target, look, after: []) else {
      return without(try work.conclude([], of: target, look).result)
    }
    let request = try run.request(document, for: target, look)
    do {
      let commandID = try await run.services.runCommand.send(request, latest: run.latest)
      return Step(
        progress: .running(commandID: commandID, attempt: look.number, asksWhy: look.asksWhy))
    } catch {
      return without(try work.conclude([error.result(for: place.instanceID)], of: target, look).result)
    }
  }

  private func look(_ target: Target, _ commandID: String, _ look: Look, _ elapsed: Duration) async -> Step {
    do throws(Obstacle) {
      let place = try target.place()
      let seen: CommandResult?
      do throws(AWSError) {
        seen = try await end(of: commandID, place)
      } catch {
        seen = RunCommand.isFinal(error) ? .lost(commandID, on: place.instanceID, error) : nil
      }
      guard let seen else { return await running(target, place, commandID, look, elapsed) }
      if seen.wasCancelled, elapsed >= limit {
        // By an earlier check, which this one repeats.
        return overdue(overdue(commandID, place), target, look)
      }
      let said = try await run.others(after: seen, of: target, look)
      let conclusion = try work.conclude(said, of: target, look)
      let isOpen = conclusion.lacksReasons && !look.asksWhy && elapsed < limit
      let patience = min(try work.patience(with: target), limit)
      if conclusion.mayComeUp && elapsed < patience || isOpen {
        return try await send(
          target, place,
          Look(number: look.number + 1, asksWhy: look.asksWhy || conclusion.lacksReasons))
      }
      return Step(
        progress: .ended(commandID: commandID, conclusion.result.status),
        result: share.applied(to: conclusion.result))
    } catch {
      return without(run.blocked(target, error.reason))
    }
  }

  private func end(of commandID: String, _ place: Target.Place) async throws(AWSError) -> CommandResult? {
    try await run.services.runCommand.look(
      at: commandID, on: place.instanceID, in: place.region,
      execution: run.event.run.map { CommandMark.execution($0.execution) }, latest: run.latest)
  }

  /// A command that has not ended goes on, or is stopped when the work's time is over.
  private func running(
    _ target: Target, _ place: Target.Place, _ commandID: String, _ look: Look, _ elapsed: Duration
  ) async -> Step {
    guard elapsed >= limit else {
      return Step(
        progress: .running(commandID: commandID, attempt: look.number, asksWhy: look.asksWhy))
    }
    var result = overdue(commandID, place)
    result.add(
      reason: await run.services.runCommand.cancel(commandID, on: place.instanceID, in: place.region))
    return overdue(result, target, look)
  }

  private func overdue(_ commandID: String, _ place: Target.Place) -> CommandResult {
    CommandResult(
      .timedOut, commandID: commandID, instanceID: place.instanceID.text,
      stderr:
        "the \(run.event.vocabulary.function) had not ended after \(limit.inWholeSeconds) s (timeout)")
  }

  private func overdue(_ result: CommandResult, _ target: Target, _ look: Look) -> Step {
    Step(
      progress: .without(.timedOut, reason: result.stderr),
      result: conclude([result], target, look))
  }

  private func without(_ result: Result) -> Step {
    Step(
      progress: .without(result.status, reason: result.sentence(mark: run.event.vocabulary.mark)),
      result: result)
  }

  // MARK: Results of earlier steps

  /// The result of a target that ended in an earlier step, asked for again: its output was not carried along.
  private func result(of target: Target, _ progress: TargetProgress) async -> Result {
    guard case .ended(let commandID, let status) = progress else {
      guard case .without(let status, let reason) = progress else { return .failed("it has not ended") }
      if status == .success { return conclude([], target, Look()) }
      var result = run.blocked(target, reason)
      result.status = status
      return result
    }
    do throws(Obstacle) {
      let place = try target.place()
      let reason: String
      do throws(AWSError) {
        if let seen = try await end(of: commandID, place) {
          let said = (try? await run.othersAgain(after: seen, of: target)) ?? [seen]
          let result = conclude(said, target, Look(asksWhy: true))
          if result.status == status { return result }
          reason = "a later answer says \(result.status.rawValue)"
        } else {
          reason = "a later answer does not know its end any more"
        }
      } catch {
        reason = "its output can't be had any more: \(error)"
      }
      // What has ended has ended, whatever is said later.
      var ended = CommandResult(status, commandID: commandID, instanceID: place.instanceID.text)
      ended.add(reason: "it ended as \(status.rawValue), but \(reason)")
      return Result(ended)
    } catch {
      return run.blocked(target, error.reason)
    }
  }

  private func conclude(_ said: [CommandResult], _ target: Target, _ look: Look) -> Result {
    (try? work.conclude(said, of: target, look).result) ?? Result(said.first ?? CommandResult(.failed))
  }
}

extension Dictionary where Key == Target {
  /// The same values by the targets' names, which are distinct.
  var byName: [String: Value] {
    Dictionary<String, Value>(uniqueKeysWithValues: map { ($0.key.name, $0.value) })
  }
}
