// swift-tools-version: 6.1
import PackageDescription

// The programs of docs/orchestration.md, which Tests/Orchestrated runs over the emulators.
let kit = ["AWSClient", "Groundwork", "HTTPClient", "Orchestration"]

let package = Package(
  name: "orchestration",
  dependencies: [.package(name: "sdwan-lambda", path: "../..")],
  targets: ["configuration", "events", "functions", "machines"].map { name in
    .executableTarget(name: name, dependencies: kit.map { .product(name: $0, package: "sdwan-lambda") })
  },
  swiftLanguageModes: [.v6]
)
