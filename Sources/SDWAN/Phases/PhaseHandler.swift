import SSMKit

/// Handles the events of a phase: discovers the instances, gives every router its script at the same time,
/// and puts the results together.
package struct PhaseHandler: Sendable {
  /// Takes a line for the log: whether it is a warning, the message, and fields.
  package typealias Log =
    @Sendable (_ isWarning: Bool, _ message: String, _ fields: [(name: String, value: String)]) -> Void

  private let settings: PhaseSettings
  private let clock: Clock
  private let client: AWSClient
  private let objects: ObjectStore
  private let topologies: TopologyReader
  private let fleets: FleetReader
  private let runCommand: RunCommand
  private let managed: ManagedInstances
  private let running: RunningCommands

  /// The handler that a function runs.
  /// - Throws: ``PhaseError`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  package init(
    _ phase: Phase, client: HTTPClient, clock: Clock, environment: @escaping Environment
  ) throws(PhaseError) {
    try self.init(
      phase,
      AWSClient.Dependencies(
        send: { request throws(HTTPError) in try await client.perform(request) }, clock: clock,
        environment: environment))
  }

  init(_ phase: Phase, _ dependencies: AWSClient.Dependencies) throws(PhaseError) {
    do throws(ConfigurationError) {
      settings = try PhaseSettings(phase, environment: dependencies.environment)
      clock = dependencies.clock
      client = try AWSClient(service: "ssm", targetPrefix: "AmazonSSM", dependencies)
      objects = try ObjectStore(region: settings.ownRegion, dependencies)
      topologies = TopologyReader(settings.topology, objects)
      fleets = FleetReader(
        store: ParameterStore(client, prefix: settings.prefix), prefix: settings.prefix,
        regions: settings.regions)
      runCommand = RunCommand(client, longestPause: settings.pollInterval)
      managed = ManagedInstances(client)
      running = RunningCommands(client)
    } catch {
      throw PhaseError(type: "Configuration.Invalid", message: error.description)
    }
  }

  /// Handles an event.
  /// - Parameters:
  ///   - deadline: seconds since 1970 at which the invocation is ended from outside; nil for none.
  ///   - requestID: appears in the commands' comments.
  ///   - measure: takes the metrics of the invocation, a line of JSON.
  /// - Returns: the result as JSON.
  /// - Throws: ``PhaseError`` when the phase can't be done for any router.
  package func handle(
    event: [UInt8], deadline: Double?, requestID: String,
    measure: @escaping @Sendable ([UInt8]) -> Void = { _ in }, log: @escaping Log
  ) async throws(PhaseError) -> [UInt8] {
    let (begun, retriesBefore) = (clock.monotonic(), client.retries)
    let input = try PhaseInput(event: event)
    if input.mode == .rollback, settings.phase != .phase2 {
      throw .event("mode rollback is for phase 2, which alone changes a router's configuration")
    }
    let latest = deadline.map(latestEnd)
    if input.action == .cancel, let execution = input.run?.execution {
      let cancellation = Cancellation(
        phase: settings.phase, regions: settings.regions, running: running, runCommand: runCommand,
        clock: clock)
      return ResultSize.json(try await cancellation.run(execution, latest: latest, log: log))
    }
    let topology = try await topologies.topology(latest: latest)
    let routers = try input.routers(of: topology)
    try input.progress?.require(routers, now: clock.wall())
    let fleet = try await fleets.fleet(
      of: topology, for: routers, peersToo: input.knowsPeers(in: settings.phase), latest: latest)
    let work = RouterWork(
      settings: settings, input: input, fleet: fleet, runCommand: runCommand, managed: managed,
      online: await online(routers, fleet, input, latest),
      clock: clock, requestID: requestID, latest: latest)
    let report = PhaseReport(
      settings: settings, input: input, objects: objects, requestID: requestID, latest: latest, clock: clock,
      begun: begun, log: log, measure: measure)
    let steps = PhaseSteps(work: work, routers: routers)
    let results: [String: RouterResult]
    if let outcome = await steps.step(input.action, input.progress) {
      guard let ended = outcome.results else {
        return ResultSize.json(StepAnswer(phase: settings.phase, outcome.progress))
      }
      Self.log(ended, log)
      results = ended
    } else {
      results = await run(work, routers, log)
    }
    let isVerification = settings.phase == .phase3 && input.command == nil && input.mode != .plan
    return try await report.answer(
      isVerification ? Diagnosed.results(results, topology) : results, retries: client.retries - retriesBefore
    )
  }

  private func run(
    _ work: RouterWork, _ routers: [Router], _ log: @escaping Log
  ) async -> [String: RouterResult] {
    let share = OutputShare(routers: routers.count)
    let results = await concurrently(routers) { router in
      let result = await work.run(router)
      Self.log([router.name: result], log)
      return share.applied(to: result)
    }
    return results.byName
  }

  /// The instances that Systems Manager reaches right now, one look per region and fifty instances. Phase 1
  /// alone looks: its hosts may have just been born.
  private func online(
    _ routers: [Router], _ fleet: Fleet, _ input: PhaseInput, _ latest: Double?
  ) async -> Set<InstanceID> {
    guard settings.phase == .phase1, input.mode != .plan else { return [] }
    // A step looks for those only that have not been sent anything yet.
    let waiting = routers.filter { input.progress?.isWaiting($0) ?? true }
    let configs = waiting.compactMap { try? fleet.config(of: $0) }
    let byRegion = Dictionary(grouping: configs, by: \.region)
    let seen = await concurrently(byRegion.keys) { region in
      let instances = byRegion[region, default: []].map(\.instanceID)
      return await managed.waitUntilOnline(instances, in: region, limit: 0, latest: latest)
    }
    return Set(seen.values.flatMap { $0.filter { $0.value == .online }.keys })
  }

  /// Monotonic time at which to stop, early enough to cancel what runs and to hand in the result: a fifth of
  /// the time that is left, at least 1 s, at most 5 s.
  private func latestEnd(_ deadline: Double) -> Double {
    let left = max(deadline - clock.wall(), 0)
    return clock.monotonic() + left - min(max(left / 5, 1), 5)
  }

  /// The whole outputs, which the result may hold a part of only.
  private static func log(_ results: [String: RouterResult], _ log: Log) {
    for (name, result) in results.sorted(by: { $0.key < $1.key }) {
      log(
        result.status != .success, "\(name): \(result.status.rawValue)",
        [
          ("router", name), ("commandId", result.commandID), ("stdout", result.stdout),
          ("stderr", result.stderr),
        ])
    }
  }
}
