import SSMKit

/// A phase in short actions, so that nobody waits while the hosts work: `start` sends the commands, `check`
/// asks how they stand, until all have ended or the time is over.
struct PhaseSteps: Sendable {
  let work: RouterWork
  let routers: [Router]

  private var settings: PhaseSettings { work.settings }
  private var limit: Double { Double(work.timeout) }
  private var share: OutputShare { OutputShare(routers: routers.count) }

  /// What a step found: the progress to go on with, and the results of all routers once all have ended.
  struct Outcome {
    var progress: Progress
    var results: [String: RouterResult]?
  }

  /// One router after a step; the result where this step has seen it.
  private struct Step: Sendable {
    var progress: RouterProgress
    var result: RouterResult?
  }

  /// - Returns: nil for an action that is not done in steps.
  func step(_ action: PhaseInput.Action, _ progress: Progress?) async -> Outcome? {
    switch (action, progress) {
    case (.start, _): await start()
    case (.check, let progress?): await check(progress)
    default: nil
    }
  }

  private func start() async -> Outcome {
    let begun = Progress(started: work.clock.wall(), routers: [:])
    let steps = await concurrently(routers) { await self.begin($0, elapsed: 0) }
    return await outcome(begun, steps, isFirst: true)
  }

  private func check(_ progress: Progress) async -> Outcome {
    let elapsed = work.clock.wall() - progress.started
    let steps = await concurrently(routers) { router in
      await self.advance(router, progress[router], elapsed: elapsed)
    }
    return await outcome(progress, steps, isFirst: false)
  }

  private func outcome(_ before: Progress, _ steps: [Router: Step], isFirst: Bool) async -> Outcome {
    let routers = steps.mapValues(\.progress).byName
    let progress =
      isFirst ? Progress(started: before.started, routers: routers) : before.next(routers)
    guard progress.pending == 0 else { return Outcome(progress: progress) }
    let results = await concurrently(self.routers) { router in
      guard let step = steps[router] else { return RouterResult.failed("no step was made") }
      if let result = step.result { return result }
      return share.applied(to: await self.result(of: router, step.progress))
    }
    return Outcome(progress: progress, results: results.byName)
  }

  // MARK: One router's step

  /// A command that was sent, as the progress has it.
  private struct Sent {
    var commandID: String
    var attempt: Int
    var asksWhy: Bool

    var progress: RouterProgress { .running(commandID: commandID, attempt: attempt, asksWhy: asksWhy) }
  }

  private func advance(_ router: Router, _ progress: RouterProgress, elapsed: Double) async -> Step {
    switch progress {
    case .waiting where elapsed >= limit:
      without(
        RouterResult(
          CommandResult(.timedOut, stderr: "its host was not online within \(Int(limit)) s (timeout)")))
    case .waiting: await begin(router, elapsed: elapsed)
    case .running(let commandID, let attempt, let asksWhy):
      await look(router, Sent(commandID: commandID, attempt: attempt, asksWhy: asksWhy), elapsed)
    case .ended, .without: Step(progress: progress)
    }
  }

  private func begin(_ router: Router, elapsed: Double) async -> Step {
    do throws(Fleet.Unknown) {
      let config = try work.fleet.config(of: router)
      // A host that stays away is tried at the end: the service says best what is wrong with it.
      if settings.phase == .phase1, !work.online.contains(config.instanceID),
        elapsed < min(settings.onlineTimeout, limit)
      {
        return Step(progress: .waiting)
      }
      return try await send(router, config, attempt: 0)
    } catch {
      return without(work.unknown(router, error.reason))
    }
  }

  private func send(
    _ router: Router, _ config: InstanceConfig, attempt: Int, asksWhy: Bool = false
  ) async throws(Fleet.Unknown) -> Step {
    let request = try work.request(router, config, attempt: attempt, asksWhy: asksWhy)
    do {
      let commandID = try await work.runCommand.send(request, latest: work.latest)
      return Step(progress: .running(commandID: commandID, attempt: attempt, asksWhy: asksWhy))
    } catch {
      return without(try work.conclude(error.result(for: config.instanceID), router, config).result)
    }
  }

  private func look(_ router: Router, _ sent: Sent, _ elapsed: Double) async -> Step {
    let commandID = sent.commandID
    do throws(Fleet.Unknown) {
      let config = try work.fleet.config(of: router)
      let seen: CommandResult?
      do throws(AWSError) {
        seen = try await look(at: commandID, config)
      } catch {
        seen = RunCommand.isFinal(error) ? .lost(commandID, on: config.instanceID, error) : nil
      }
      guard let seen else { return await running(router, config, sent, elapsed) }
      if seen.wasCancelled, elapsed >= limit {
        // By an earlier check, which this one repeats.
        return ended(overdue(commandID, config), router, config)
      }
      let others = try await work.otherParts(router, config, seen, asksWhy: sent.asksWhy)
      let conclusion = try work.conclude(seen, others: others, router, config)
      let isOpen = conclusion.lacksReasons && !sent.asksWhy && elapsed < limit
      let lookingTime = min(try work.lookingTime(router, config), limit)
      if conclusion.mayComeUp && elapsed < lookingTime || isOpen {
        return try await send(
          router, config, attempt: sent.attempt + 1, asksWhy: sent.asksWhy || conclusion.lacksReasons)
      }
      return Step(
        progress: .ended(commandID: commandID, conclusion.result.status),
        result: share.applied(to: conclusion.result))
    } catch {
      return without(work.unknown(router, error.reason))
    }
  }

  private func look(at commandID: String, _ config: InstanceConfig) async throws(AWSError) -> CommandResult? {
    try await work.runCommand.look(
      at: commandID, on: config.instanceID, in: config.region,
      execution: work.input.run.map { CommandMark.execution($0.execution) }, latest: work.latest)
  }

  /// A command that has not ended goes on, or is stopped when the phase's time is over.
  private func running(
    _ router: Router, _ config: InstanceConfig, _ sent: Sent, _ elapsed: Double
  ) async -> Step {
    guard elapsed >= limit else { return Step(progress: sent.progress) }
    var result = overdue(sent.commandID, config)
    result.add(
      reason: await work.runCommand.cancel(sent.commandID, on: config.instanceID, in: config.region))
    return ended(result, router, config)
  }

  private func overdue(_ commandID: String, _ config: InstanceConfig) -> CommandResult {
    CommandResult(
      .timedOut, commandID: commandID, instanceID: config.instanceID.text,
      stderr: "the phase had not ended after \(Int(limit)) s (timeout)")
  }

  private func ended(_ result: CommandResult, _ router: Router, _ config: InstanceConfig) -> Step {
    Step(
      progress: .without(.timedOut, reason: result.stderr), result: conclude(result, router, config))
  }

  private func without(_ result: RouterResult) -> Step {
    Step(progress: .without(result.status, reason: result.sentence), result: result)
  }

  // MARK: Results of earlier steps

  /// The result of a router that ended in an earlier step, asked for again: its output was not carried along.
  private func result(of router: Router, _ progress: RouterProgress) async -> RouterResult {
    guard case .ended(let commandID, let status) = progress else {
      guard case .without(let status, let reason) = progress else { return .failed("it has not ended") }
      var result = work.unknown(router, reason)
      result.status = status
      return result
    }
    do throws(Fleet.Unknown) {
      let config = try work.fleet.config(of: router)
      let reason: String
      do throws(AWSError) {
        if let seen = try await look(at: commandID, config) {
          let result = conclude(seen, others: await othersAgain(seen, router, config), router, config)
          if result.status == status { return result }
          reason = "a later answer says \(result.status.rawValue)"
        } else {
          reason = "a later answer does not know its end any more"
        }
      } catch {
        reason = "its output can't be had any more: \(error)"
      }
      // What has ended has ended, whatever is said later.
      var ended = CommandResult(status, commandID: commandID, instanceID: config.instanceID.text)
      ended.add(reason: "it ended as \(status.rawValue), but \(reason)")
      return RouterResult(ended)
    } catch {
      return work.unknown(router, error.reason)
    }
  }

  private func othersAgain(
    _ seen: CommandResult, _ router: Router, _ config: InstanceConfig
  ) async -> [CommandResult] {
    (try? await work.otherPartsAgain(router, config, seen)) ?? []
  }

  private func conclude(
    _ seen: CommandResult, others: [CommandResult] = [], _ router: Router, _ config: InstanceConfig
  ) -> RouterResult {
    (try? work.conclude(seen, others: others, router, config).result) ?? RouterResult(seen)
  }
}

extension Dictionary where Key == Router {
  /// The same values by the routers' names, which are distinct.
  var byName: [String: Value] {
    Dictionary<String, Value>(uniqueKeysWithValues: map { ($0.key.name, $0.value) })
  }
}
