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
    let latest = services.latestEnd(of: invocation)
    if event.action == .cancel, let run = event.run {
      let cancellation = Cancellation(
        regions: function.regions, runCommand: services.runCommand, clock: clock)
      let stopped = try await cancellation.run(run.execution, latest: latest, logger)
      return ResultSize.json(CancelAnswer(title, stopped))
    }
    if event.action == .admit {
      return try await services.admit(
        invocation, Function.vocabulary, for: Function.name, latest: latest,
        roster: { event throws(Failure) in try await function.roster(for: event, latest: latest) })
    }
    let work = try await function.work(for: event, latest: latest)
    let report = FleetReport(
      title: title, name: event.command == nil ? Function.name : HostCommand.name,
      event: event, services: services, latest: latest, begun: begun,
      retriesBefore: retriesBefore, logger: logger)
    guard let command = event.command else { return try await report.answer(doing: work) }
    guard command.instances == nil else {
      throw .event(
        "the event's field command has instances; it runs on the \(Function.vocabulary.items) themselves")
    }
    return try await report.answer(doing: DocumentWork(command, insteadOf: work, within: event.timeout))
  }

  private var title: FunctionTitle {
    FunctionTitle(key: Function.vocabulary.function, name: Function.name)
  }
}
