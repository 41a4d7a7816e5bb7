import ClusterUpgrade
import LambdaRuntime

Lambda.run(ClusterUpgrade.handler)
