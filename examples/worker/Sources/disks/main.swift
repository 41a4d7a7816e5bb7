import FleetKit
import LambdaRuntime

Lambda.run(Disks.handler)
