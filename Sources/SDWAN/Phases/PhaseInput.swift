import FoundationEssentials
import SSMKit

/// Whether phase 1 makes an existing router anew.
enum Recreate: String, Sendable, CaseIterable {
  case always
  /// Only if it is not what is wanted.
  case changed
  case never
}

/// The event of a phase: a JSON object of which a few fields are known; all others are ignored.
struct PhaseInput: Equatable {
  enum Mode: String, CaseIterable {
    case apply
    /// Tell what would be done, and change nothing.
    case plan
    /// Phase 2: go back to the configuration before this execution changed it.
    case rollback
    /// Run a document of somebody else on the hosts, and leave the routers alone.
    case command
  }

  enum Action: String, CaseIterable {
    /// The whole phase.
    case run
    /// Send the commands, wait for nothing.
    case start
    /// Ask how they stand.
    case check
    /// Stop those that are running.
    case cancel
  }

  /// The routers to work on; nil means all.
  var instances: [String]?
  /// Where the network is rolled out in waves: the routers that have been done so far. A tunnel to any other is
  /// not expected to be up yet. nil means all.
  var reached: Set<String>?
  var mode = Mode.apply
  /// What mode `command` runs; nil in every other mode.
  var command: HostCommand?
  /// nil leaves it to the function's environment.
  var recreate: Recreate?
  /// Phase 2: go back to the previous configuration unless the tunnels come up.
  var confirm = false
  var action = Action.run
  /// What the commands are sent for; nil outside of an execution.
  var run: RunIdentity?
  /// Seconds for the whole phase, for `start` and `check`; nil leaves it to the function's environment.
  var timeout: Int?
  /// Whether a router that failed makes the phase an error (`Phase.RoutersFailed`): Step Functions can redrive a
  /// task that failed, not a verdict.
  var failsOnRouters = false
  /// Mode `plan`: what phase 1's plan, which is in the event, would do to the routers. Those that it does not tell of are
  /// not in it.
  var planned: [String: PlannedChanges.Container] = [:]
  /// What the last `start` or `check` gave; `check` has it.
  var progress: Progress?

  /// Names and values that the known fields of an event may hold: a state of 40,000 routers has 80,000.
  static let maximumValues = 250_000

  /// - Throws: ``PhaseError`` (`Event.Invalid`) for anything but an object, and for a known field with a
  ///   value that has no meaning, or none yet.
  init(event: [UInt8]) throws(PhaseError) {
    let known: [UInt8]
    do throws(JSONFlaw) {
      var reader = StrictJSON(event, maximumValues: Self.maximumValues)
      // What is ignored may be large: nothing is made of it.
      known = try reader.object(keeping: Self.knownFields)
    } catch {
      throw .event("the event is not what a phase takes, a JSON object ({} does everything): \(error)")
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(known))
    } catch let error as PhaseError {
      throw error
    } catch let error as DecodingError {
      throw .event("the event is not what a phase takes: \(error.summary)")
    } catch {
      throw .event("the event is not what a phase takes")
    }
    if action == .check, progress == nil {
      throw .event("the event's field state is missing; check wants what start gave")
    }
    if action == .cancel, run == nil {
      throw .event("the event's field execution is missing; cancel wants the execution's ARN")
    }
    if mode == .command, command == nil, action != .cancel {
      throw .event("the event's field command is missing; mode command wants a document and its parameters")
    }
    if mode != .command, command != nil {
      throw .event("the event's field command goes with mode command only")
    }
    if mode == .plan { planned = EarlierPlan.routers(in: event) }
    if mode == .plan, action != .run { throw .event("mode plan goes with action run only") }
  }

  /// What is done to the routers, as logs, metrics and the commands' comments call it.
  func work(of phase: Phase) -> String { command == nil ? phase.rawValue : Mode.command.rawValue }

  /// Whether a router's peers have to be known: only who has tunnels to do with needs their addresses.
  func knowsPeers(in phase: Phase) -> Bool { phase != .phase1 && command == nil }

  /// The routers of the topology that the event asks for.
  /// - Throws: ``PhaseError`` (`Event.Invalid`) that names an unknown router.
  func routers(of topology: Topology) throws(PhaseError) -> [Router] {
    try Self.require((reached ?? []).sorted(), of: topology, field: "reached")
    guard let instances else { return topology.routers }
    try Self.require(instances, of: topology, field: "instances")
    let wanted = Set(instances)
    return topology.routers.filter { wanted.contains($0.name) }
  }

  private static func require(
    _ names: [String], of topology: Topology, field: String
  ) throws(PhaseError) {
    let known = Set(topology.routers.map(\.name))
    for name in names where !known.contains(name) {
      let all = topology.routers.map(\.name).joined(separator: ", ").oneLine(limit: 400)
      throw .event("the event's field \(field) names \"\(name.shown(bytes: 80))\"; the topology has \(all)")
    }
  }
}
