import DisasterRecovery
import LambdaRuntime

Lambda.run(Recovery.handler)
