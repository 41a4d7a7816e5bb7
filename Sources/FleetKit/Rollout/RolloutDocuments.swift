import Groundwork
import SSMKit

/// Runs a wave's document for a rollout's function: on instances that the command names, or on the items' hosts.
struct RolloutDocuments<Function: RolloutFunction>: Sendable {
  let function: Function
  let services: FleetServices
  let report: FleetReport

  private var event: FleetEvent { report.event }
  private var vocabulary: Vocabulary { Function.vocabulary }

  /// - Throws: ``Failure`` where nobody can tell on which hosts it runs.
  func answer(_ command: HostCommand) async throws(Failure) -> [UInt8] {
    let now = services.clock.wall()
    let step = try StepRequest(
      event, vocabulary, started: event.progress?.started ?? now, now: now, mayHaveBegun: false)
    if let instances = command.instances {
      guard let region = function.regions.first else {
        throw .event("the event's field command has instances; \(Function.name) runs no documents")
      }
      let work = RolloutDocumentWork(
        command: command, hosts: DocumentHosts(instances.map { Target($0.text, $0, in: region) }),
        limit: event.timeout)
      // Hosts of nobody's stand for all items together.
      return try await report.answer(doing: work, standingFor: step.items)
    }
    let hosts: DocumentHosts
    do throws(StepTrouble) {
      hosts = try await function.hosts(of: step, latest: report.latest)
    } catch {
      return try waiting(error, step)
    }
    let given = await offered(hosts.offers, to: command)
    return try await report.answer(
      doing: RolloutDocumentWork(command: given, hosts: hosts, limit: event.timeout))
  }

  /// Whoever did not hear where the hosts are asks again.
  private func waiting(_ trouble: StepTrouble, _ step: StepRequest) throws(Failure) -> [UInt8] {
    switch trouble {
    case .refused(let reason): throw Failure(type: "Hosts.Unknown", message: reason)
    case .unknown(let reason):
      guard !step.isOver else {
        throw Failure(type: "Hosts.Unknown", message: "timed out; the last look failed: \(reason)")
      }
      let targets = step.items.sorted().map { Target($0, Obstacle(reason)) }
      var progress = event.progress ?? report.begun(targets)
      progress.asked += 1
      progress.wait = PollPlan(step.timeout).wait(
        wishing: nil, after: progress.wait, asked: progress.asked, elapsed: step.elapsed)
      return ResultSize.json(StepAnswer(report.title, progress, of: targets), vocabulary)
    }
  }

  /// The command with those of the offered parameters that its document declares.
  private func offered(_ offers: [String: String], to command: HostCommand) async -> HostCommand {
    var command = command
    guard !offers.isEmpty, let region = function.regions.first else { return command }
    let declared = await services.documents.parameters(
      of: command.document, in: region, latest: report.latest)
    for (name, value) in offers where declared.contains(name) && command.parameters[name] == nil {
      command.parameters[name] = [value]
    }
    return command
  }
}
