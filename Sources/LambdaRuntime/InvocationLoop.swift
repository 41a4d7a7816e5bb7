import Glibc
import HTTPClient

/// next → handle → response or error, until the Runtime API goes away or the process is asked to end.
struct InvocationLoop: Sendable {
  let api: RuntimeAPI
  let logger: Logger
  let handler: LambdaRuntime.Handler

  /// How the loop ended, as an exit status.
  enum End: Int32 {
    case asked = 0
    case broken = 1
  }

  /// Runs until the task is cancelled (SIGTERM) or the Runtime API fails.
  func run() async -> End {
    while !Task.isCancelled {
      do {
        let response = try await api.next()
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

  /// Handles one invocation; false when the Runtime API is in a state that does not mend.
  private func serve(_ invocation: Invocation) async -> Bool {
    // X-Ray's SDKs look here (docs "runtimes-custom").
    setenv("_X_AMZN_TRACE_ID", invocation.traceID ?? "", 1)
    let logger = logger.forRequest(invocation.requestID)
    do {
      let body = try await handler(invocation, logger)
      return await post(logger, whenTooLarge: { await reportTooLarge(invocation, logger) }) {
        () async throws(HTTPError) in try await api.respond(to: invocation.requestID, body)
      }
    } catch {
      return await report(error, invocation, logger)
    }
  }

  private func report(_ failure: Failure, _ invocation: Invocation, _ logger: Logger) async -> Bool {
    logger.log(.error, failure.message, [("errorType", failure.type)])
    return await post(logger, whenTooLarge: { true }) { () async throws(HTTPError) in
      try await api.reportError(of: invocation.requestID, failure, origin: .function)
    }
  }

  /// Without an error report after a 413 the invocation would hang until its timeout.
  private func reportTooLarge(_ invocation: Invocation, _ logger: Logger) async -> Bool {
    let message = "the result is larger than Lambda takes (6 MiB); ask for fewer instances at once"
    return await report(Failure(type: Failure.responseTooLarge, message: message), invocation, logger)
  }

  /// Posts a result and acts on the answer. A post whose connection broke is repeated once: if the first one
  /// had arrived, the second is refused and no harm is done.
  private func post(
    _ logger: Logger, whenTooLarge: @Sendable () async -> Bool,
    _ send: @Sendable () async throws(HTTPError) -> HTTPResponse
  ) async -> Bool {
    do {
      let answer: HTTPResponse
      do {
        answer = try await send()
      } catch {
        logger.log(.warn, "posting the result failed and is repeated: \(error)")
        answer = try await send()
      }
      return await settle(answer.status, logger, whenTooLarge)
    } catch {
      logger.log(.fatal, "the result could not be posted: \(error)")
      return false
    }
  }

  private func settle(
    _ status: Int, _ logger: Logger, _ whenTooLarge: @Sendable () async -> Bool
  ) async -> Bool {
    switch status {
    case 200..<300:
      return true
    case 413:
      return await whenTooLarge()
    case 500...:
      logger.log(.fatal, "the Runtime API answered \(status) to the result")
      return false
    default:
      logger.log(.error, "the Runtime API refused the result with status \(status)")
      return true
    }
  }
}
