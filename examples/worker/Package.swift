// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "worker",
  dependencies: [.package(name: "sdwan-lambda", path: "../..")],
  targets: [
    .executableTarget(
      name: "disks",
      dependencies: [
        .product(name: "AWSClient", package: "sdwan-lambda"),
        .product(name: "FleetKit", package: "sdwan-lambda"),
        .product(name: "Groundwork", package: "sdwan-lambda"),
        .product(name: "LambdaRuntime", package: "sdwan-lambda"),
        .product(name: "SSMKit", package: "sdwan-lambda"),
      ])
  ]
)
