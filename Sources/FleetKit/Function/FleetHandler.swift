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
        regions: function.regions, running: services.running, runCommand: services.runCommand, clock: clock)
      let cancelled = try await cancellation.run(run.execution, latest: latest, logger)
      return ResultSize.json(CancelAnswer(title, cancelled: cancelled))
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
      return try admission.answer(to: invocation.event, for: event)
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
    try event.progress?.require(work.targets, Function.vocabulary, now: clock.wall())
    let hosts = Hosts(managed: services.managed, latest: report.latest)
    // A step looks for those only that have not been sent anything yet.
    let waiting = work.targets.filter { event.progress?.isWaiting($0) ?? true }
    let online = work.waitsForHosts ? await hosts.online(waiting) : []
    let attempt = TargetRun(
      work: work, event: event, services: services, online: online, latest: report.latest)
    let steps = FleetSteps(run: attempt)
    let results: [String: TargetResult<Work.Details>]
    if let outcome = await steps.step(event.action, event.progress) {
      guard let ended = outcome.results else {
        return ResultSize.json(StepAnswer(report.title, outcome.progress), Function.vocabulary)
      }
      for (name, result) in ended.sorted(by: { $0.key < $1.key }) { report.log(name, result) }
      results = ended
    } else {
      results = await whole(attempt, report)
    }
    return try await report.answer(work.completed(results), remark: work.remark(on: results))
  }

  private func whole<Work: FleetWork>(
    _ run: TargetRun<Work>, _ report: FleetReport
  ) async -> [String: TargetResult<Work.Details>] {
    let share = OutputShare(targets: run.work.targets.count)
    let results = await concurrently(run.work.targets) { target in
      let result = await run.whole(target)
      report.log(target.name, result)
      return share.applied(to: result)
    }
    return results.byName
  }

  /// When to stop, early enough to cancel what runs and to hand in the result: a fifth of the time that is left, at
  /// least 1 s, at most 5 s.
  private func latestEnd(_ deadline: UnixTime) -> Deadline {
    let left = max(deadline - clock.wall(), .zero)
    return Deadline(clock.now() + (left - min(max(left / 5, .seconds(1)), .seconds(5))))
  }
}
