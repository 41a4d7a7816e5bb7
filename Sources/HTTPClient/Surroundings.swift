import Groundwork

/// What a program works with; nothing is reached for from inside.
public struct Surroundings: Sendable {
  /// Sends requests.
  public var client: CurlClient
  /// Tells the time and waits.
  public var clock: Clock
  /// The variables of the process; an empty one counts as not set.
  public var environment: Environment
  /// Writes log lines.
  public var logger: Logger

  /// What a program works with.
  public init(client: CurlClient, clock: Clock, environment: @escaping Environment, logger: Logger) {
    self.client = client
    self.clock = clock
    self.environment = environment
    self.logger = logger
  }
}
