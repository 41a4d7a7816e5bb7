import LambdaRuntime
import SDWAN

Lambda.run(VPN.handler)
