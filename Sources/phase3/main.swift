import LambdaRuntime
import SDWAN

Lambda.run(Verification.handler)
