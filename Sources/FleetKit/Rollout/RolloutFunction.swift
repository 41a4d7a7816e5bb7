import AWSClient
import Groundwork
import HTTPClient

/// A function of a rollout whose items are no hosts: it starts something for them in another service, and asks how that
/// stands.
///
/// The kit reads and checks the event, keeps the step's time and its state, is patient with what AWS did not answer,
/// counts, cuts, logs, measures and admits. Documents that a wave runs on hosts are the kit's too.
public protocol RolloutFunction: Sendable {
  /// What `start` and `check` hand on.
  associatedtype State: StepState
  /// What is worth knowing of an item that has ended.
  associatedtype Details: TargetDetails = NoDetails

  /// Its name in answers, logs and metrics.
  static var name: String { get }
  /// How its deployment speaks.
  static var vocabulary: Vocabulary { get }
  /// How long a step may take that does not say.
  static var standardTimeout: Duration { get }
  /// The words of the event's field `action` that are the function's own, beside the kit's.
  static var ownActions: [String] { get }

  /// Where the hosts are on which a wave's documents run; empty where it runs none.
  var regions: [Region] { get }

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  init(_ services: FleetServices) throws(Failure)

  /// Who may be rolled out, for a function that admits its deployment's rollouts; nil for one that does not. It only
  /// reads.
  /// - Parameter event: the execution's input: the function's own fields in it are judged here.
  /// - Throws: ``Failure``, `Event.Invalid` where the event has a field that can't be.
  func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster?

  /// Judges what an admitted wave is about, before anything is told or changed. It only reads.
  /// - Parameters:
  ///   - items: those of the wave that the execution is about.
  ///   - atOnce: how many of them may be at work at once; nil for all.
  /// - Throws: ``Failure``, `Input.Invalid` for items that can't be rolled out now.
  func judge(
    _ wave: String, _ items: [String], atOnce: Int?, for event: FleetEvent, latest: Deadline
  ) async throws(Failure)

  /// Begins a step. It may be called again for the same step, when nobody knows how far the call before came
  /// (``StepRequest/mayHaveBegun``): what was started then has to be found, not started again.
  /// - Throws: ``StepTrouble``: unknown ends nothing, a refusal ends every item.
  func start(_ step: StepRequest, latest: Deadline) async throws(StepTrouble) -> StepOutcome<Self>

  /// Asks how a step stands that has begun, and goes on with it. The state is that of the last outcome, so a call may be
  /// repeated, and has to find what it may have started.
  /// - Throws: ``StepTrouble``: unknown leaves the state as it was, a refusal ends every item.
  func check(
    _ step: StepRequest, _ state: State, latest: Deadline
  ) async throws(StepTrouble) -> StepOutcome<Self>

  /// Why an item failed that had not ended when the step's time was over, in words.
  func overdue(_ step: StepRequest) -> String

  /// Stops what an execution has left running, apart from commands on hosts, which the kit stops.
  /// - Throws: ``Failure`` where something could not be asked to stop.
  func cancel(_ execution: String, latest: Deadline) async throws(Failure) -> Stopped

  /// On which hosts a wave's document runs that names no instances.
  /// - Throws: ``StepTrouble``: unknown ends nothing, a refusal ends the step.
  func hosts(of step: StepRequest, latest: Deadline) async throws(StepTrouble) -> DocumentHosts

  /// Does one of the function's own actions.
  /// - Throws: ``Failure``, `Event.Invalid` where the event is the reason.
  func perform(_ action: String, _ event: OwnEvent, latest: Deadline) async throws(Failure) -> OwnAnswer
}

extension RolloutFunction {
  /// An hour.
  public static var standardTimeout: Duration { .seconds(3600) }
  /// None.
  public static var ownActions: [String] { [] }
  /// None.
  public var regions: [Region] { [] }
  /// Nobody: it admits nothing.
  public func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster? { nil }
  /// So long after the step began.
  public func overdue(_ step: StepRequest) -> String { "timed out after \(step.timeout.inWholeSeconds) s" }
  /// Nothing can be stopped.
  public func cancel(_ execution: String, latest: Deadline) async throws(Failure) -> Stopped { Stopped() }
  /// Its items have none.
  public func hosts(of step: StepRequest, latest: Deadline) async throws(StepTrouble) -> DocumentHosts {
    throw .refused("the event's field command has no instances; \(Self.vocabulary.items) have no hosts")
  }
  /// All of them are right.
  public func judge(
    _ wave: String, _ items: [String], atOnce: Int?, for event: FleetEvent, latest: Deadline
  ) async throws(Failure) {}
  /// There are none.
  public func perform(
    _ action: String, _ event: OwnEvent, latest: Deadline
  ) async throws(Failure) -> OwnAnswer {
    throw .event("\(Self.name) has no action \(action)")
  }

  /// The function as a runtime runs it.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(in surroundings: Surroundings) throws(Failure) -> Handler {
    try handler(ServiceClient.Dependencies(surroundings))
  }

  /// The function over clients of somebody's choice, as tests have them.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(_ dependencies: ServiceClient.Dependencies) throws(Failure) -> Handler {
    let services = try FleetServices(vocabulary, standardTimeout: standardTimeout, dependencies)
    let handler = RolloutHandler(function: try Self(services), services: services)
    return { invocation, logger throws(Failure) in try await handler.handle(invocation, logger) }
  }
}

/// What a step of a ``RolloutFunction`` hands on from one action to the next: a few bytes, which Step Functions carries.
public protocol StepState: Codable, Sendable {
  /// Ids of what was started, for the rollout's output; the first 20 are told.
  var refs: [String] { get }
}

/// How a step stands.
public struct StepOutcome<Function: RolloutFunction>: Sendable {
  /// For the next `check`.
  public var state: Function.State
  /// The items that have ended, by their names. The step is done when all have.
  public var ended: [String: TargetResult<Function.Details>]
  /// The pause before the next `check` that would be right, in whole seconds; nil leaves it to the kit, which also keeps
  /// the number of questions within what the step's time allows.
  public var wait: Duration?

  /// How a step stands.
  public init(
    _ state: Function.State, ended: [String: TargetResult<Function.Details>] = [:], wait: Duration? = nil
  ) {
    self.state = state
    self.ended = ended
    self.wait = wait
  }
}

/// Why a step did not get on.
public enum StepTrouble: Error, Sendable, Equatable {
  /// AWS did not answer: nobody knows, so nothing has failed. In words.
  case unknown(String)
  /// It never will. In words.
  case refused(String)

  /// What a failed call means.
  public init(_ error: AWSError) { self = error.isPassing ? .unknown("\(error)") : .refused("\(error)") }
}

/// The event of one of a function's own actions.
public struct OwnEvent: Sendable {
  let bytes: [UInt8]
  let vocabulary: Vocabulary

  /// The function's own fields of the event.
  /// - Throws: ``Failure`` (`Event.Invalid`) for a field with a value that has no meaning.
  public func part<Part: EventPart>(_ part: Part.Type = Part.self) throws(Failure) -> Part {
    try EventReader.read(bytes, keeping: Part.names, of: "a \(vocabulary.function)", vocabulary)
  }
}

/// What one of a function's own actions answers.
public struct OwnAnswer: Sendable {
  let json: [UInt8]

  /// - Parameter answer: of a few kilobytes.
  public init(_ answer: some Encodable) { json = ResultSize.json(answer) }
}
