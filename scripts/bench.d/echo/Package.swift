// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "echo",
  dependencies: [.package(name: "sdwan-lambda", path: "../../..")],
  targets: [
    .executableTarget(
      name: "echo",
      dependencies: [
        .product(name: "Groundwork", package: "sdwan-lambda"),
        .product(name: "LambdaRuntime", package: "sdwan-lambda"),
      ])
  ]
)
