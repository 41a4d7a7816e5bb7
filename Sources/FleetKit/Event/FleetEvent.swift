import Groundwork
import SSMKit

/// How far the work of an event goes.
public enum Mode: String, Sendable, CaseIterable {
  /// Do it.
  case apply
  /// Tell what would be done, and change nothing.
  case plan
  /// Go back to what was before this execution changed it.
  case rollback
  /// Run a document of somebody else on the hosts, and nothing else.
  case command
}

/// Which part of the work an invocation does.
enum Action: String, Sendable, CaseIterable {
  /// All of it.
  case run
  /// Send the commands, wait for nothing.
  case start
  /// Ask how they stand.
  case check
  /// Stop those that are running.
  case cancel
  /// Judge a rollout before anything is told or changed.
  case admit
}

/// The event of a fleet's function: a JSON object of which a few fields are known; all others are ignored. There is one
/// in an invocation: it is handed on, not copied.
public final class FleetEvent: Sendable {
  /// The names to work on; nil means all.
  public let names: [String]?
  /// Where the fleet is rolled out in waves: the names that have been reached so far, this wave's included; nil means
  /// all.
  public let reached: Set<String>?
  /// How far the work goes.
  public let mode: Mode
  /// How long a command may run: the event's own time in steps, else the function's.
  public let timeout: Duration
  /// Whether the event itself sets the time.
  let setsTimeout: Bool
  /// The event as it came.
  private let bytes: [UInt8]
  /// What mode `command` runs; nil in every other mode.
  let command: HostCommand?
  let action: Action
  /// What the commands are sent for; nil outside of an execution.
  let run: RunIdentity?
  /// How many targets may be at work at once; nil for all.
  let maxConcurrency: Int?
  /// What the last `start` or `check` gave; `check` has it.
  let progress: Progress?
  /// The deployment's words.
  let vocabulary: Vocabulary
  /// Of the invocation.
  let requestID: String

  /// Names and values that the known fields of an event may hold: a state of 40,000 targets has 80,000.
  public static let maximumValues = 250_000

  /// What the commands are sent for: the execution, or what plays its part: the invocation that began the work.
  var execution: String { run?.execution ?? progress?.execution ?? requestID }

  /// How many targets may be at work at once; nil for all.
  public var atOnce: Int? { maxConcurrency }

  /// Tells the execution's commands from all others; empty where one invocation does everything, outside of an execution.
  public var executionMark: String {
    run == nil && action == .run ? "" : CommandMark.execution(execution)
  }

  /// - Parameter hasOwnState: whether the steps' state is the function's own, which only commands on hosts do not share.
  /// - Throws: ``Failure`` (`Event.Invalid`) for anything but an object, and for a known field with a
  ///   value that has no meaning, or none yet.
  public init(
    _ invocation: Invocation, _ vocabulary: Vocabulary, _ settings: FleetSettings, hasOwnState: Bool = false
  ) throws(Failure) {
    let fields = try CommonFields.read(invocation.event, vocabulary)
    bytes = invocation.event
    requestID = invocation.requestID
    self.vocabulary = vocabulary
    names = fields.names
    reached = fields.reached
    mode = fields.mode
    command = fields.command
    action = fields.action
    run = fields.run
    maxConcurrency = fields.maxConcurrency
    let isFleets = fields.action == .check && (!hasOwnState || fields.command != nil)
    progress =
      isFleets
      ? try EventReader.read(
        invocation.event, as: EarlierState<Progress>.self, keeping: EarlierState<Progress>.names,
        of: "a \(vocabulary.function)", vocabulary
      ).state : nil
    let own = fields.action == .run && fields.command == nil ? nil : fields.timeout
    timeout = own ?? settings.timeout
    setsTimeout = own != nil
    try requireSense(isFleets: isFleets)
  }

  private func requireSense(isFleets: Bool) throws(Failure) {
    if isFleets, progress == nil {
      throw .event("the event's field state is missing; check wants what start gave")
    }
    if let progress, (progress.execution == nil) != (run != nil) {
      throw .event(
        "the event's field state is \(run == nil ? "that of an execution, which the field execution has to name" : "not that of an execution"); check wants what start gave"
      )
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
  }

  /// The function's own fields of the event.
  /// - Throws: ``Failure`` (`Event.Invalid`) for a field with a value that has no meaning.
  public func part<Part: EventPart>(_ part: Part.Type = Part.self) throws(Failure) -> Part {
    try EventReader.read(bytes, keeping: Part.names, of: "a \(vocabulary.function)", vocabulary)
  }

  /// Those of a fleet's names that the event asks for, in the fleet's order.
  /// - Throws: ``Failure`` (`Event.Invalid`) that names an unknown one.
  public func chosen(among all: [String]) throws(Failure) -> [String] {
    try require((reached ?? []).sorted(), among: all, field: "reached")
    guard let names else { return all }
    try require(names, among: all, field: vocabulary.names)
    let wanted = Set(names)
    return all.filter(wanted.contains)
  }

  private func require(_ names: [String], among all: [String], field: String) throws(Failure) {
    let known = Set(all)
    for name in names where !known.contains(name) {
      throw .event(
        "the event's field \(field) names \"\(name.shown(bytes: 80))\"; the \(vocabulary.whole) has "
          + all.joined(separator: ", ").oneLine(limit: 400))
    }
  }
}

extension Failure {
  /// A fault of the event.
  public static func event(_ message: String) -> Failure { Failure(type: "Event.Invalid", message: message) }
}
