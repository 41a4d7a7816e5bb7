import LambdaRuntime
import SharedFiles

Lambda.run(SharedFiles.handler)
