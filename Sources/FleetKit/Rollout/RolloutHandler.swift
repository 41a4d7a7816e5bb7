import Groundwork
import SSMKit

/// Handles the events of a rollout's function: what is a command on hosts is done as for every fleet, the rest by the
/// function itself, in steps.
struct RolloutHandler<Function: RolloutFunction>: Sendable {
  let function: Function
  let services: FleetServices

  private var clock: Clock { services.clock }
  private var vocabulary: Vocabulary { Function.vocabulary }
  private var title: FunctionTitle { FunctionTitle(key: vocabulary.function, name: Function.name) }

  /// - Returns: the answer as JSON.
  /// - Throws: ``Failure`` when nothing can be done for any item.
  func handle(_ invocation: Invocation, _ logger: Logger) async throws(Failure) -> [UInt8] {
    let (begun, retriesBefore) = (clock.now(), services.client.retries)
    let latest = services.latestEnd(of: invocation)
    if let action = try ownAction(invocation) {
      let event = OwnEvent(bytes: invocation.event, vocabulary: vocabulary)
      return try await function.perform(action, event, latest: latest).json
    }
    let event = try FleetEvent(invocation, vocabulary, services.settings, hasOwnState: true)
    let report = FleetReport(
      title: title, name: event.command == nil ? Function.name : HostCommand.name, event: event,
      services: services, latest: latest, begun: begun, retriesBefore: retriesBefore, logger: logger)
    switch event.action {
    case .run:
      throw .event("the event's field action is missing; \(Function.name) works in steps: \(actions)")
    case .cancel: return try await cancelled(event, latest, logger)
    case .admit:
      return try await services.admit(
        invocation, vocabulary, for: Function.name, latest: latest,
        roster: { event throws(Failure) in try await function.roster(for: event, latest: latest) },
        judge: { wave, items, event throws(Failure) in
          try await function.judge(
            wave.name, items, atOnce: wave.maxConcurrency ?? event.atOnce, for: event, latest: latest)
        })
    case .start, .check:
      if let command = event.command {
        let documents = RolloutDocuments(function: function, services: services, report: report)
        return try await documents.answer(command)
      }
      let step = RolloutStep(
        function: function, event: event, clock: clock, latest: latest,
        log: { logger.log($0, $1) })
      return try await report.answer(by: step)
    }
  }

  private func cancelled(_ event: FleetEvent, _ latest: Deadline, _ logger: Logger) async throws(Failure)
    -> [UInt8]
  {
    let execution = event.execution
    var stopped = try await function.cancel(execution, latest: latest)
    if !function.regions.isEmpty {
      let commands = Cancellation(
        regions: function.regions, runCommand: services.runCommand, clock: clock)
      let own = try await commands.run(execution, latest: latest, logger)
      stopped.cancelled.formUnion(own.cancelled)
      stopped.asked.formUnion(own.asked)
    }
    return ResultSize.json(CancelAnswer(title, stopped))
  }

  // MARK: Actions

  private struct Asked: EventPart {
    let action: String?

    static var names: Set<String> { ["action"] }

    init(from decoder: any Decoder) throws {
      action = try decoder.container(keyedBy: Word.self).value("action", "a text")
    }
  }

  private var actions: String {
    (["admit", "start", "check", "cancel"] + Function.ownActions).joined(separator: ", ")
  }

  /// - Throws: ``Failure`` (`Event.Invalid`) for an action that there is not.
  private func ownAction(_ invocation: Invocation) throws(Failure) -> String? {
    let asked = try EventReader.read(
      invocation.event, as: Asked.self, keeping: Asked.names, of: "a \(vocabulary.function)")
    guard let action = asked.action else { return nil }
    if Function.ownActions.contains(action) { return action }
    guard let known = Action(rawValue: action), known != .run else {
      throw .event("the event's field action is \"\(action.shown(bytes: 80))\"; allowed: \(actions)")
    }
    return nil
  }
}
