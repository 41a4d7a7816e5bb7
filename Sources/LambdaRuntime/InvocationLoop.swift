import Groundwork
import HTTPClient

/// next → handle → response or error, until the Runtime API goes away or the process is asked to end.
///
/// It runs on the client's event loop, so a request costs no change of executors.
actor InvocationLoop {
  private let api: RuntimeAPI
  private let client: CurlClient
  private let logger: Logger
  private let handler: Handler
  private let isAskedToEnd: @Sendable () -> Bool
  // X-Ray's SDKs look here (docs "runtimes-custom").
  private let trace = EnvironmentSlot("_X_AMZN_TRACE_ID")

  init(
    api: RuntimeAPI, client: CurlClient, logger: Logger, handler: @escaping Handler,
    isAskedToEnd: @escaping @Sendable () -> Bool
  ) {
    self.api = api
    self.client = client
    self.logger = logger
    self.handler = handler
    self.isAskedToEnd = isAskedToEnd
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { client.unownedExecutor }

  /// How the loop ended, as an exit status.
  enum End: Int32 {
    case asked = 0
    case broken = 1
  }

  /// Runs until the task is cancelled (SIGTERM) or the Runtime API fails.
  func run() async -> End {
    while !Task.isCancelled, !isAskedToEnd() {
      do {
        let response = try await next()
        guard response.status == 200 else {
          logger.log(.fatal, "the Runtime API refused /invocation/next with status \(response.status)")
          return .broken
        }
        guard let invocation = Invocation(response) else {
          logger.log(.error, "an invocation without Lambda-Runtime-Aws-Request-Id was dropped")
          continue
        }
        guard await serve(invocation) else { return .broken }
      } catch {
        if error.kind == .cancelled { return .asked }
        logger.log(.fatal, "the Runtime API can't be reached: \(error)")
        return .broken
      }
    }
    return .asked
  }

  /// Waits for an event; once more when the connection died before a byte of the answer, as in a frozen
  /// environment. Where the server has handed out an event all the same it refuses, and no harm is done.
  private func next() async throws(HTTPError) -> HTTPResponse {
    do {
      return try await client.perform(api.next)
    } catch {
      guard error.kind == .interrupted, !error.answerHasBegun else { throw error }
      logger.log(.info, "the connection to the Runtime API broke while waiting for an event: \(error)")
      return try await client.perform(api.next)
    }
  }

  /// Handles one invocation; false when the Runtime API is in a state that does not mend.
  private func serve(_ invocation: Invocation) async -> Bool {
    trace.set(invocation.traceID)
    let logger = logger.forRequest(invocation.requestID)
    do {
      let body = try await handler(invocation, logger)
      let status = await post(api.response(to: invocation.requestID, body), logger)
      guard status == 413 else { return isFine(status, logger) }
      // Without an error report after a 413 the invocation would hang until its timeout.
      let message = "the result is larger than Lambda takes (6 MiB); ask for fewer instances at once"
      return await report(Failure(type: Failure.responseTooLarge, message: message), invocation, logger)
    } catch {
      return await report(error, invocation, logger)
    }
  }

  private func report(_ failure: Failure, _ invocation: Invocation, _ logger: Logger) async -> Bool {
    logger.log(.error, failure.message, [("errorType", failure.type)])
    return isFine(await post(api.error(of: invocation.requestID, failure), logger), logger)
  }

  /// Posts a result; nil when there is no answer. A post whose connection broke is repeated once: if the first
  /// one had arrived, the second is refused and no harm is done.
  private func post(_ request: HTTPRequest, _ logger: Logger) async -> Int? {
    do {
      do {
        return try await client.perform(request).status
      } catch {
        logger.log(.warn, "posting the result failed and is repeated: \(error)")
        return try await client.perform(request).status
      }
    } catch {
      logger.log(.fatal, "the result could not be posted: \(error)")
      return nil
    }
  }

  /// Whether the loop can go on after a post that was answered with `status`.
  private func isFine(_ status: Int?, _ logger: Logger) -> Bool {
    guard let status else { return false }
    if (200..<300).contains(status) { return true }
    if status >= 500 {
      logger.log(.fatal, "the Runtime API answered \(status) to the result")
      return false
    }
    logger.log(.error, "the Runtime API refused the result with status \(status)")
    return true
  }
}
