import LambdaRuntime

LambdaRuntime.run { _ throws(Failure) in
  { invocation, _ throws(Failure) in invocation.event }
}
