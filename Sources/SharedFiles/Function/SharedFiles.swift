import AWSClient
import Groundwork
import HTTPClient

/// Two functions that share files on EFS: the producer brings them there, the consumer reads them. `_HANDLER` says which
/// one a process is.
public enum SharedFiles {
  /// The function as a runtime runs it.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(in surroundings: Surroundings) throws(Failure) -> Handler {
    try handler(ServiceClient.Dependencies(surroundings), random: { .random(in: .min ... .max) })
  }

  /// The function over a client of somebody's choice, as tests have it.
  /// - Parameter random: any number, for names of temporary files.
  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public static func handler(
    _ dependencies: ServiceClient.Dependencies, random: @escaping @Sendable () -> UInt64
  ) throws(Failure) -> Handler {
    do throws(ConfigurationError) {
      let settings = try FileSettings(environment: dependencies.environment)
      let mount = Mount(path: settings.mountPath, clock: dependencies.clock, random: random)
      let objects = try ObjectStore(region: settings.region, dependencies)
      let clock = dependencies.clock
      switch settings.role {
      case .producer:
        return Producer(settings: settings, mount: mount, objects: objects, clock: clock).handle
      case .consumer:
        return Consumer(settings: settings, mount: mount, objects: objects, clock: clock).handle
      }
    } catch {
      throw Failure(error)
    }
  }
}
