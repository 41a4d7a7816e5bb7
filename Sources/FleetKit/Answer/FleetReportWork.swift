import Groundwork
import SSMKit

extension FleetReport {
  private var clock: Clock { services.clock }

  /// Does an invocation's part of a work on hosts, and answers.
  /// - Parameter items: those for which all targets stand together; nil where each target is an item.
  /// - Throws: ``Failure`` (`Event.Invalid`) where the event's state belongs to something else.
  func answer<Work: FleetWork>(
    doing work: Work, standingFor items: [String]? = nil
  ) async throws(Failure) -> [UInt8] {
    let targets = FleetEngine<Work>.ordered(work.targets)
    try event.progress?.require(targets, event.vocabulary, now: clock.wall())
    let progress = event.progress ?? begun(targets)
    let engine = FleetEngine(
      work: work, targets: targets, event: event, services: services, time: time(progress),
      since: progress.since, trouble: progress.trouble, latest: latest, log: { log($0, $1) })
    let results: [String: TargetResult<Work.Details>]
    if event.action == .run {
      results = await FleetLoop(engine: engine).run(mayBeSent: progress.mayBeOlder)
    } else {
      let steps = FleetSteps(engine: engine)
      let outcome =
        event.progress == nil ? await steps.start(progress) : await steps.check(progress)
      guard let ended = outcome.results else {
        return ResultSize.json(StepAnswer(title, outcome.progress, of: targets), event.vocabulary)
      }
      results = ended
    }
    let completed = work.completed(results)
    return await answer(
      completed, remark: work.remark(on: results), measured: work.measurements(of: completed),
      standingFor: items)
  }

  /// A work that begins now.
  func begun(_ targets: [Target]) -> Progress {
    var progress = Progress(started: clock.wall(), of: targets)
    progress.mayBeOlder = event.run?.mayBeSent ?? false
    progress.execution = event.run == nil ? event.requestID : nil
    return progress
  }

  private func time(_ progress: Progress) -> WorkTime {
    WorkTime(
      span: event.action == .run
        ? .invocation(begun: clock.now(), latest: latest) : .step(started: progress.started),
      limit: event.timeout, limitName: event.setsTimeout ? "timeout" : "SSM_TIMEOUT", clock: clock)
  }
}
