import Groundwork
import LambdaRuntime

// A function that does what its event says: what the conformance suite runs under its Runtime API server.
Lambda.run { surroundings throws(Failure) in
  if let reason = surroundings.environment("CONFORMANCE_INIT_ERROR") {
    throw Failure(type: "Configuration.Invalid", message: reason)
  }
  return { invocation, logger throws(Failure) in
    let order = try Order(invocation)
    return try await order.carryOut(surroundings.clock, logger)
  }
}
