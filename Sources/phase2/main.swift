import LambdaRuntime
import SDWAN

LambdaRuntime.run { surroundings throws(Failure) in
  let handler: PhaseHandler
  do throws(PhaseError) {
    handler = try PhaseHandler(
      .phase2, client: surroundings.client, clock: surroundings.clock, environment: surroundings.environment)
  } catch {
    throw Failure(type: error.type, message: error.message)
  }
  return { invocation, logger throws(Failure) in
    do throws(PhaseError) {
      return try await handler.handle(
        event: invocation.event, deadline: invocation.deadline, requestID: invocation.requestID,
        measure: logger.measure
      ) { isWarning, message, fields in logger.log(isWarning ? .warn : .info, message, fields) }
    } catch {
      throw Failure(type: error.type, message: error.message)
    }
  }
}
