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
  /// Reads parameters.
  public let parameters: ParameterStore
  let waves: DocumentReader<[GivenWave]>

  init<Function: FleetFunction>(
    _ function: Function.Type, _ dependencies: ServiceClient.Dependencies
  ) throws(Failure) {
    do throws(ConfigurationError) {
      settings = try FleetSettings(
        Function.vocabulary, standardTimeout: Function.standardTimeout,
        environment: dependencies.environment)
      clock = dependencies.clock
      environment = dependencies.environment
      client = try ServiceClient(service: "ssm", targetPrefix: "AmazonSSM", dependencies)
      objects = try ObjectStore(region: settings.region, dependencies)
    } catch {
      throw Failure(error)
    }
    runCommand = RunCommand(client)
    managed = ManagedInstances(client)
    parameters = ParameterStore(client)
    waves = DocumentReader(
      .init(
        "list of waves", in: "\(Function.vocabulary.variables)_WAVES",
        maximumSize: StandardWaves.maximumSize),
      settings.waves, objects, parse: StandardWaves.waves)
  }
}
