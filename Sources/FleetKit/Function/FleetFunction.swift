import AWSClient
import Groundwork
import HTTPClient

/// A function that works on a fleet: what a bootstrap is made of.
///
/// It says of an event what is to be done; sending, waiting, steps, marks, patience, results and metrics are the
/// kit's. A bootstrap's main is one line: `Lambda.run(MyFunction.handler)`.
public protocol FleetFunction: Sendable {
  /// Its name in answers, logs, metrics and the commands' comments.
  static var name: String { get }
  /// How its deployment speaks.
  static var vocabulary: Vocabulary { get }
  /// How long a command may run where `SSM_TIMEOUT` says nothing.
  static var standardTimeout: Duration { get }

  /// Where the fleet lives.
  var regions: [Region] { get }

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  init(_ services: FleetServices) throws(Failure)

  /// What an event asks for.
  /// - Parameter latest: when there is no point in an answer any more.
  /// - Throws: ``Failure`` when nothing can be done for any target, `Event.Invalid` where the event is the reason.
  func work(for event: FleetEvent, latest: Deadline) async throws(Failure) -> any FleetWork

  /// Who may be rolled out, for a function that admits its deployment's rollouts; nil for one that does not.
  /// - Parameter event: the execution's input: the function's own fields in it are judged here.
  /// - Throws: ``Failure``, `Event.Invalid` where the event has a field that can't be.
  func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster?
}

extension FleetFunction {
  /// The words of a plain fleet.
  public static var vocabulary: Vocabulary { Vocabulary() }
  /// Five minutes.
  public static var standardTimeout: Duration { .seconds(300) }
  /// Nobody: it admits nothing.
  public func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster? { nil }

  /// The function as a runtime runs it.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(in surroundings: Surroundings) throws(Failure) -> Handler {
    try handler(ServiceClient.Dependencies(surroundings))
  }

  /// The function over clients of somebody's choice, as tests have them.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(_ dependencies: ServiceClient.Dependencies) throws(Failure) -> Handler {
    let services = try FleetServices(
      vocabulary, standardTimeout: standardTimeout, dependencies)
    let handler = FleetHandler(function: try Self(services), services: services)
    return { invocation, logger throws(Failure) in try await handler.handle(invocation, logger) }
  }
}
