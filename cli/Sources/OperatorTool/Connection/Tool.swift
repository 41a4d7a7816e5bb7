import AWSClient
import AWSCredentials
import Foundation
import Groundwork
import HTTPClient
import Orchestration
import SSMKit

/// What commands work with: the deployment's clients and the screen.
struct Tool: Sendable {
  let global: GlobalOptions
  let region: Region
  let clock: Clock
  let screen: Screen
  let machines: StateMachines
  let functions: Functions
  let logs: Logs
  let events: Events
  let configuration: Configuration
  let objects: ObjectStore
  let parameters: ParameterStore
  let runCommand: RunCommand
  let secrets: SecretStore
  let probe: CommandProbe
  let tokens: TokenQueries
  let apis: RestAPIs
  /// Sends a request that nobody signs.
  let send: @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse
  /// Where the credentials come from, for people.
  let origin: @Sendable () async throws(AWSError) -> String

  /// - Throws: ``ToolError`` for a region or an endpoint that can't be.
  init(_ global: GlobalOptions, on loop: EventLoop) throws(ToolError) {
    let client = CurlClient(on: loop)
    let process: Environment = { name in
      ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    let environment = try Place.environment(global.endpoint, process)
    let surroundings = ToolSurroundings.live(client, environment)
    let profile = global.profile ?? environment("AWS_PROFILE") ?? "default"
    let profiles = Profiles(surroundings)
    let region = try Place.region(global.region, environment, profiles[profile]?["region"])
    let chain = CredentialChain(surroundings, profile: global.profile)
    var dependencies = ServiceClient.Dependencies(
      send: { request throws(HTTPError) in try await client.perform(request) }, clock: surroundings.clock,
      environment: Place.withEndpoints(of: profiles, profile, environment))
    dependencies.credentials = { () async throws(AWSError) in try await chain.credentials() }
    try self.init(
      global, region, Screen(global, environment), dependencies,
      origin: { () async throws(AWSError) in try await chain.origin() })
  }

  /// A tool over other services than AWS's, for tests.
  init(
    _ global: GlobalOptions, _ region: Region, _ screen: Screen,
    _ dependencies: ServiceClient.Dependencies,
    origin: @escaping @Sendable () async throws(AWSError) -> String
  ) throws(ToolError) {
    self.global = global
    self.region = region
    self.screen = screen
    self.origin = origin
    clock = dependencies.clock
    send = dependencies.send
    do throws(ConfigurationError) {
      machines = try StateMachines(in: region, dependencies)
      functions = try Functions(in: region, dependencies)
      logs = try Logs(in: region, dependencies)
      events = try Events(in: region, dependencies)
      configuration = try Configuration(in: region, dependencies)
      apis = try RestAPIs(in: region, dependencies)
      objects = try ObjectStore(region: region, dependencies)
      let systems = try ServiceClient(service: "ssm", targetPrefix: "AmazonSSM", dependencies)
      parameters = ParameterStore(systems)
      runCommand = RunCommand(systems)
      secrets = SecretStore(systems)
      probe = CommandProbe(systems)
      tokens = TokenQueries(try ServiceClient(service: "sts", dependencies), in: region)
    } catch {
      throw .use(error.description)
    }
  }
}
