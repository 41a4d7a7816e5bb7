import Groundwork
import LambdaRuntime

Lambda.run { _ throws(Failure) in
  { invocation, _ throws(Failure) in invocation.event }
}
