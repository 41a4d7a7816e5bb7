import Glibc
import Groundwork
import HTTPClient

/// Runs a handler as an AWS Lambda custom runtime (`provided.al2023`).
public enum Lambda {
  /// Initialises the function and serves invocations until the process ends.
  ///
  /// What `initialise` throws is reported as an init error, and the process exits with a status that is
  /// not 0. The calling thread runs everything.
  public static func run(_ initialise: @escaping @Sendable (Surroundings) throws(Failure) -> Handler)
    -> Never
  {
    // An empty variable is one that nobody has set.
    let environment: Environment = { name in
      getenv(name).flatMap { $0.pointee == 0 ? nil : String(cString: $0) }
    }
    // libcurl would write the keys of every TLS connection into the file that it names.
    unsetenv("SSLKEYLOGFILE")
    do {
      let loop = try EventLoop()
      let client = CurlClient(on: loop)
      let clock = Clock.live(on: client)
      let surroundings = Surroundings(
        client: client, clock: clock, environment: environment,
        logger: Logger(environment: environment, clock: clock.wall))
      let status = loop.run { await serve(surroundings, on: loop, initialise) }
      exit(status)
    } catch {
      Logger(environment: environment, clock: { .now }).log(.fatal, "\(error)")
      exit(1)
    }
  }

  private static func serve(
    _ surroundings: Surroundings, on loop: EventLoop,
    _ initialise: @Sendable (Surroundings) throws(Failure) -> Handler
  ) async -> Int32 {
    let logger = surroundings.logger
    guard let host = surroundings.environment("AWS_LAMBDA_RUNTIME_API") else {
      logger.log(.fatal, "AWS_LAMBDA_RUNTIME_API is not set: this program is a Lambda bootstrap")
      return 1
    }
    let api = RuntimeAPI(
      host: host, workingDirectory: surroundings.environment("LAMBDA_TASK_ROOT") ?? "/var/task")
    do {
      let invocations = InvocationLoop(
        api: api, client: surroundings.client, logger: logger, handler: try initialise(surroundings),
        isAskedToEnd: { Termination.isAsked })
      let work = Task(executorPreference: loop) { await invocations.run() }
      await Termination.watch(surroundings.client) { work.cancel() }
      return await work.value.rawValue
    } catch {
      logger.log(.fatal, error.message, [("errorType", error.type)])
      await report(api.initError(error), surroundings)
      return 1
    }
  }

  private static func report(_ initError: HTTPRequest, _ surroundings: Surroundings) async {
    do {
      _ = try await surroundings.client.perform(initError)
    } catch {
      surroundings.logger.log(.fatal, "the init error could not be reported: \(error)")
    }
  }
}
