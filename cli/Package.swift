// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that the functions stay without a dependency on another package. The clone may have any name: a
// dependency by path is otherwise called after its folder.
let package = Package(
  name: "sdwan-operator",
  products: [.executable(name: "sdwan", targets: ["sdwan"])],
  dependencies: [
    .package(name: "sdwan-lambda", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    .executableTarget(name: "sdwan", dependencies: ["OperatorTool"]),
    .target(
      name: "OperatorTool",
      dependencies: [
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AWSClient", package: "sdwan-lambda"),
        .product(name: "AWSCredentials", package: "sdwan-lambda"),
        .product(name: "Groundwork", package: "sdwan-lambda"),
        .product(name: "HTTPClient", package: "sdwan-lambda"),
        .product(name: "Orchestration", package: "sdwan-lambda"),
        .product(name: "SDWAN", package: "sdwan-lambda"),
        .product(name: "SSMKit", package: "sdwan-lambda"),
      ]),
    .testTarget(
      name: "OperatorToolTests",
      dependencies: [
        "OperatorTool",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AWSClient", package: "sdwan-lambda"),
        .product(name: "FleetTesting", package: "sdwan-lambda"),
        .product(name: "Groundwork", package: "sdwan-lambda"),
        .product(name: "HTTPClient", package: "sdwan-lambda"),
        .product(name: "Orchestration", package: "sdwan-lambda"),
        .product(name: "SDWAN", package: "sdwan-lambda"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
