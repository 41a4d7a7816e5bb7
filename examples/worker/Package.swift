// swift-tools-version: 6.1
import PackageDescription

let kit = ["AWSClient", "FleetKit", "Groundwork", "LambdaRuntime", "SSMKit"]

let package = Package(
  name: "worker",
  dependencies: [.package(name: "sdwan-lambda", path: "../..")],
  targets: [
    .executableTarget(
      name: "disks", dependencies: kit.map { .product(name: $0, package: "sdwan-lambda") }),
    .testTarget(
      name: "DisksTests",
      dependencies: [
        "disks", .product(name: "FleetKit", package: "sdwan-lambda"),
        .product(name: "FleetTesting", package: "sdwan-lambda"),
        .product(name: "Groundwork", package: "sdwan-lambda"),
        .product(name: "HTTPClient", package: "sdwan-lambda"),
      ]),
  ]
)
