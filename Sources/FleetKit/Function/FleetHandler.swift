import Groundwork
import SSMKit

/// Handles the events of a fleet's function: asks it what is to be done, gives every target its command at the same
/// time, and puts the results together.
struct FleetHandler<Function: FleetFunction>: Sendable {
  let function: Function
  let services: FleetServices

  private var clock: Clock { services.clock }

  /// - Returns: the answer as JSON.
  /// - Throws: ``Failure`` when nothing can be done for any target.
  func handle(_ invocation: Invocation, _ logger: Logger) async throws(Failure) -> [UInt8] {
    let (begun, retriesBefore) = (clock.now(), services.client.retries)
    let event = try FleetEvent(invocation, Function.vocabulary, services.settings)
    let latest = invocation.deadline.map(latestEnd) ?? .never
    if event.action == .cancel, let run = event.run {
      let cancellation = Cancellation(
        regions: function.regions, runCommand: services.runCommand, clock: clock)
      let stopped = try await cancellation.run(run.execution, latest: latest, logger)
      return ResultSize.json(CancelAnswer(title, stopped))
    }
    if event.action == .admit { return try await admit(invocation, latest) }
    let work = try await function.work(for: event, latest: latest)
    let report = FleetReport(
      title: title, name: event.command == nil ? Function.name : HostCommand.name,
      event: event, services: services, latest: latest, begun: begun,
      retriesBefore: retriesBefore, logger: logger)
    guard let command = event.command else { return try await answer(work, report) }
    return try await answer(DocumentWork(command, insteadOf: work, within: event.timeout), report)
  }

  /// Judges a rollout: what it says as an execution's input, and its waves.
  private func admit(_ invocation: Invocation, _ latest: Deadline) async throws(Failure) -> [UInt8] {
    do throws(Failure) {
      let input = Invocation(
        requestID: invocation.requestID, event: try AdmissionMessage.event(in: invocation.event))
      let event = try FleetEvent(input, Function.vocabulary, services.settings)
      guard let roster = try await function.roster(for: event, latest: latest) else {
        throw Failure.event("\(Function.name) admits no rollouts")
      }
      let admission = Admission(
        roster: roster, standard: try await services.waves.value(latest: latest),
        vocabulary: Function.vocabulary)
      return try admission.answer(to: invocation.event, for: event, size: input.event.count)
    } catch {
      // Whatever is wrong with the input: nothing was done.
      throw error.type == "Event.Invalid" ? Failure(type: "Input.Invalid", message: error.message) : error
    }
  }

  private var title: FunctionTitle {
    FunctionTitle(key: Function.vocabulary.function, name: Function.name)
  }

  private func answer<Work: FleetWork>(
    _ work: Work, _ report: FleetReport
  ) async throws(Failure) -> [UInt8] {
    let event = report.event
    let targets = FleetEngine<Work>.ordered(work.targets)
    try event.progress?.require(targets, Function.vocabulary, now: clock.wall())
    let progress = event.progress ?? begun(targets, event)
    let engine = FleetEngine(
      work: work, targets: targets, event: event, services: services,
      time: time(of: event, progress, report.latest), since: progress.since, trouble: progress.trouble,
      latest: report.latest,
      log: { report.log($0, $1) })
    let results: [String: TargetResult<Work.Details>]
    if event.action == .run {
      results = await FleetLoop(engine: engine).run(mayBeSent: progress.mayBeOlder)
    } else {
      let steps = FleetSteps(engine: engine)
      let outcome =
        event.progress == nil ? await steps.start(progress) : await steps.check(progress)
      guard let ended = outcome.results else {
        return ResultSize.json(
          StepAnswer(report.title, outcome.progress, of: targets), Function.vocabulary)
      }
      results = ended
    }
    let completed = work.completed(results)
    return await report.answer(
      completed, remark: work.remark(on: results), measured: work.measurements(of: completed))
  }

  private func begun(_ targets: [Target], _ event: FleetEvent) -> Progress {
    var progress = Progress(started: clock.wall(), of: targets)
    progress.mayBeOlder = event.run?.mayBeSent ?? false
    progress.execution = event.run == nil ? event.requestID : nil
    return progress
  }

  private func time(of event: FleetEvent, _ progress: Progress, _ latest: Deadline) -> WorkTime {
    WorkTime(
      span: event.action == .run
        ? .invocation(begun: clock.now(), latest: latest) : .step(started: progress.started),
      limit: event.timeout, limitName: event.setsTimeout ? "timeout" : "SSM_TIMEOUT", clock: clock)
  }

  /// When to stop, early enough to cancel what runs and to hand in the result: a fifth of the time that is left, at
  /// least 1 s, at most 5 s.
  private func latestEnd(_ deadline: UnixTime) -> Deadline {
    let left = max(deadline - clock.wall(), .zero)
    return Deadline(clock.now() + (left - min(max(left / 5, .seconds(1)), .seconds(5))))
  }
}
