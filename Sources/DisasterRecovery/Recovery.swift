import AWSClient
import FleetKit
import Groundwork
import Orchestration
import SSMKit

/// Launches waves of source servers, as a drill or in earnest, with Elastic Disaster Recovery.
public struct Recovery: RolloutFunction {
  /// What a step hands on.
  public typealias State = RecoveryState
  /// What is known of a server at last.
  public typealias Details = RecoveryDetails

  /// `recovery`.
  public static let name = "recovery"
  /// The words of servers.
  public static let vocabulary = Vocabulary(
    item: "server", items: "servers", whole: "account", names: "servers", function: "function",
    namespace: "Recovery", variables: "RECOVERY", mark: "recovery: ")
  /// Beside the kit's.
  public static let ownActions = ["terminate", "start_wave", "check_wave_status"]

  /// The region of the function itself, where the servers are launched.
  public let regions: [Region]
  private let service: RecoveryService
  private let machines: StateMachines
  private let groups: Groups
  private let clock: Clock

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public init(_ services: FleetServices) throws(Failure) {
    let region = services.settings.region
    do throws(ConfigurationError) {
      service = try RecoveryService(in: region, services.dependencies)
      machines = try StateMachines(in: region, services.dependencies)
    } catch {
      throw Failure(error)
    }
    regions = [region]
    groups = Groups(
      parameters: services.parameters, region: region, name: services.settings.name?.text ?? Self.name)
    clock = services.clock
  }

  private var launch: Launch { Launch(service: service, machines: machines, clock: clock) }
  private var watch: Watch { Watch(service: service, launch: launch, clock: clock) }

  // MARK: Admission

  /// The account's source servers, and the groups of them.
  public func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster? {
    _ = try event.part(RecoveryEvent.self)
    let servers = try await servers(latest)
    let found = try await groups.read(among: servers, latest: latest)
    // An account may have servers of other plans.
    return Roster(
      servers.map(\.id).sorted(), field: "servers", groups: ["groups": found.servers],
      broken: ["groups": found.broken], commandHosts: .itemsAfter, isWhole: false)
  }

  /// Whether a wave's servers can be launched now.
  public func judge(
    _ wave: String, _ items: [String], atOnce: Int?, for event: FleetEvent, latest: Deadline
  ) async throws(Failure) {
    let wishes: RecoveryEvent = try event.part()
    let now = clock.wall()
    let whole = Wave(
      servers: items, type: wishes.type, force: wishes.force, execution: "", started: now,
      most: atOnce ?? Wave.mostServers, mayHaveBegun: false, isOver: false)
    do throws(StepTrouble) {
      try await preflight(whole, latest)
    } catch {
      switch error {
      case .refused(let reason): throw .input("wave \(wave): \(reason)")
      case .unknown(let reason): throw Failure(type: "AWS.Unreachable", message: "wave \(wave): \(reason)")
      }
    }
  }

  private func preflight(_ wave: Wave, _ latest: Deadline) async throws(StepTrouble) {
    let preflight = Preflight(service: service, clock: clock)
    let jobs = try await preflight.jobs(since: wave.started, latest: latest)
    try await preflight.require(wave, beside: jobs, latest: latest)
  }

  private func servers(_ latest: Deadline) async throws(Failure) -> [SourceServer] {
    do throws(FailedCall) {
      return try await service.servers(latest: latest)
    } catch {
      throw Failure(type: error.error.type, message: "the source servers can't be listed: \(error.error)")
    }
  }

  // MARK: Steps

  /// Starts a wave's jobs; of a plan nothing.
  public func start(_ step: StepRequest, latest: Deadline) async throws(StepTrouble) -> StepOutcome<Self> {
    let wave = try Wave(step)
    guard step.event.mode == .apply else {
      try await preflight(wave, latest)
      var details = RecoveryDetails()
      details.note = "it would be launched (\(wave.type.rawValue))"
      return StepOutcome(
        RecoveryState(),
        ended: Dictionary(step.items.map { ($0, .succeeded(details: details)) }) { first, _ in first })
    }
    let state = try await launch.started(wave, RecoveryState(), [:], latest: latest)
    return StepOutcome(state, wait: state.wait)
  }

  /// Asks how a wave's jobs stand, and starts those that had to wait.
  public func check(
    _ step: StepRequest, _ state: State, latest: Deadline
  ) async throws(StepTrouble) -> StepOutcome<Self> {
    let standing = try await watch.look(try Wave(step), state, latest: latest)
    return StepOutcome(standing.state, ended: standing.ended, wait: standing.state.wait)
  }

  /// A job can't be stopped.
  public func overdue(_ step: StepRequest) -> String {
    "timed out after \(step.timeout.inWholeSeconds) s; the job goes on, for none can be stopped"
  }

  /// The recovery instances of a wave's servers; those that were launched without being started are left alone.
  public func hosts(of step: StepRequest, latest: Deadline) async throws(StepTrouble) -> DocumentHosts {
    let found: [RecoveryInstance]
    do throws(FailedCall) {
      found = try await service.instances(of: step.items, latest: latest)
    } catch {
      throw StepTrouble(error.error)
    }
    let isDrill = try RecoveryEvent(of: step).type == .drill
    // What an earlier execution has launched may still be listed.
    let own = found.filter { $0.isDrill == isDrill && !$0.isGone && $0.state != "SHUTTING-DOWN" }
    let instances = Dictionary(own.map { ($0.server, $0) }) { first, _ in first }
    var hosts = DocumentHosts([], offers: ["WaveId": step.wave, "ExecutionId": step.execution])
    for server in step.items {
      let instance = instances[server]
      if let id = InstanceID(instance?.instance ?? ""), let region = regions.first {
        hosts.targets.append(Target(server, id, in: region))
      } else {
        hosts.targets.append(Target(server, Obstacle("it has no recovery instance")))
      }
      if instance?.state == "STOPPED" {
        hosts.notes[server] =
          "its recovery instance is STOPPED, as its launch settings want; nothing was run on it"
      }
    }
    return hosts
  }

  // MARK: Other actions

  /// Ends a drill, or does what the replaced system's callers ask for.
  public func perform(
    _ action: String, _ event: OwnEvent, latest: Deadline
  ) async throws(Failure) -> OwnAnswer {
    switch action {
    case "terminate":
      let drill = Termination(service: service, machines: machines, clock: clock)
      return OwnAnswer(try await drill.answer(to: try event.part(), latest: latest))
    case "start_wave":
      let former = FormerNames(launch: launch, watch: watch, clock: clock)
      let asked: FormerNames.Start = try event.part()
      let servers = asked.groups.isEmpty ? [] : try await servers(latest)
      let groups =
        asked.groups.isEmpty ? Groups.Found() : try await groups.read(among: servers, latest: latest)
      return OwnAnswer(try await former.start(asked, groups, latest: latest))
    default:
      let former = FormerNames(launch: launch, watch: watch, clock: clock)
      return OwnAnswer(try await former.check(try event.part(), latest: latest))
    }
  }
}
