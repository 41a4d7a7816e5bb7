import AWSClient
import Groundwork
import SSMKit

/// What a fleet's function works with. One for all that a function does, so it is handed on, not copied: a copy of that
/// many clients is code and time.
public final class FleetServices: Sendable {
  /// What the environment says.
  public let settings: FleetSettings
  /// Tells the time and waits.
  public let clock: Clock
  /// The environment's variables.
  public let environment: Environment
  /// Calls Systems Manager.
  public let client: ServiceClient
  /// Objects in S3, in the function's own region.
  public let objects: ObjectStore
  /// Sends commands.
  public let runCommand: RunCommand
  /// Knows the instances' agents.
  public let managed: ManagedInstances
  /// Knows what documents take.
  public let documents: Documents
  /// Reads parameters.
  public let parameters: ParameterStore
  /// What clients of other services are made with.
  public let dependencies: ServiceClient.Dependencies
  let waves: DocumentReader<[GivenWave]>

  init(
    _ vocabulary: Vocabulary, standardTimeout: Duration, _ dependencies: ServiceClient.Dependencies
  ) throws(Failure) {
    self.dependencies = dependencies
    do throws(ConfigurationError) {
      settings = try FleetSettings(
        vocabulary, standardTimeout: standardTimeout, environment: dependencies.environment)
      clock = dependencies.clock
      environment = dependencies.environment
      client = try ServiceClient(service: "ssm", targetPrefix: "AmazonSSM", dependencies)
      objects = try ObjectStore(region: settings.region, dependencies)
    } catch {
      throw Failure(error)
    }
    runCommand = RunCommand(client)
    managed = ManagedInstances(client)
    documents = Documents(client)
    parameters = ParameterStore(client)
    waves = DocumentReader(
      .init(
        "list of waves", in: "\(vocabulary.variables)_WAVES",
        maximumSize: StandardWaves.maximumSize),
      settings.waves, objects, parse: StandardWaves.waves)
  }

  /// When an invocation has to stop, early enough to cancel what runs and to hand in the result: a fifth of the time
  /// that is left, at least 1 s, at most 5 s.
  func latestEnd(of invocation: Invocation) -> Deadline {
    guard let deadline = invocation.deadline else { return .never }
    let left = max(deadline - clock.wall(), .zero)
    return Deadline(clock.now() + (left - min(max(left / 5, .seconds(1)), .seconds(5))))
  }
}
