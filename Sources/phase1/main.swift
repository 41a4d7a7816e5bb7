import LambdaRuntime
import SDWAN

Lambda.run(BaseSetup.handler)
