// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "sdwan-lambda",
  products: [
    .executable(name: "phase1", targets: ["phase1"]),
    .executable(name: "phase2", targets: ["phase2"]),
    .executable(name: "phase3", targets: ["phase3"]),
    .executable(name: "files", targets: ["files"]),
    // For functions of others; docs/kit.md says what each holds.
    .library(name: "Groundwork", targets: ["Groundwork"]),
    .library(name: "JSON", targets: ["JSON"]),
    .library(name: "HTTPClient", targets: ["HTTPClient"]),
    .library(name: "LambdaRuntime", targets: ["LambdaRuntime"]),
    .library(name: "AWSClient", targets: ["AWSClient"]),
    .library(name: "AWSCredentials", targets: ["AWSCredentials"]),
    .library(name: "SSMKit", targets: ["SSMKit"]),
    .executable(name: "upgrade", targets: ["upgrade"]),
    .library(name: "ClusterUpgrade", targets: ["ClusterUpgrade"]),
    .library(name: "Zip", targets: ["Zip"]),
    .library(name: "Orchestration", targets: ["Orchestration"]),
    .library(name: "FleetKit", targets: ["FleetKit"]),
    .library(name: "SDWAN", targets: ["SDWAN"]),
    .library(name: "FleetTesting", targets: ["FleetTesting"]),
    .executable(name: "recovery", targets: ["recovery"]),
    .library(name: "DisasterRecovery", targets: ["DisasterRecovery"]),
  ],
  targets: [
    // The three C libraries, as the distribution ships them.
    .systemLibrary(
      name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // An event's way through, from the top of this list to the bottom and never back. Each names every module that it
    // imports: what is not named here is not built anew when that module changes, and dies of its old layout.
    .executableTarget(name: "phase1", dependencies: ["SDWAN", "LambdaRuntime"]),
    .executableTarget(name: "phase2", dependencies: ["SDWAN", "LambdaRuntime"]),
    .executableTarget(name: "phase3", dependencies: ["SDWAN", "LambdaRuntime"]),
    .executableTarget(name: "upgrade", dependencies: ["ClusterUpgrade", "LambdaRuntime"]),
    .target(
      name: "ClusterUpgrade",
      dependencies: [
        "FleetKit", "Orchestration", "SSMKit", "AWSClient", "HTTPClient", "JSON", "Groundwork",
      ]),
    .executableTarget(name: "files", dependencies: ["SharedFiles", "LambdaRuntime"]),
    .target(name: "SharedFiles", dependencies: ["AWSClient", "HTTPClient", "JSON", "Groundwork"]),
    .target(name: "JSON", dependencies: ["Groundwork"]),
    .target(name: "LambdaRuntime", dependencies: ["Groundwork", "HTTPClient"]),
    .target(
      name: "SDWAN", dependencies: ["FleetKit", "SSMKit", "AWSClient", "JSON", "Groundwork", "CZlib"],
      resources: [
        .embedInCode("Templates/common.sh"),
        .embedInCode("Templates/packages.sh"),
        .embedInCode("Templates/cards.sh"),
        .embedInCode("Templates/image.sh"),
        .embedInCode("Templates/replacement.sh"),
        .embedInCode("Templates/phase1.sh"),
        .embedInCode("Templates/phase2.sh"),
        .embedInCode("Templates/phase3.sh"),
        .embedInCode("Templates/rollback.sh"),
        .embedInCode("Templates/container.sh"),
        .embedInCode("Templates/psk.sh"),
        .embedInCode("Templates/answers.sh"),
        .embedInCode("Templates/plan.sh"),
        .embedInCode("Templates/confirm.sh"),
        .embedInCode("Templates/router-session.vbash"),
        .embedInCode("Templates/router-ours.vbash"),
        .embedInCode("Templates/router-previous.vbash"),
        .embedInCode("Templates/router-base.vbash"),
        .embedInCode("Templates/router-commit.vbash"),
        .embedInCode("Templates/router-differences.vbash"),
        .embedInCode("Templates/router-plan.vbash"),
        .embedInCode("Templates/router-rollback-plan.vbash"),
        .embedInCode("Templates/router-apply.vbash"),
        .embedInCode("Templates/router-keep.vbash"),
        .embedInCode("Templates/router-wake.vbash"),
        .embedInCode("Templates/router-restore.vbash"),
        .embedInCode("Templates/router-rollback.vbash"),
        .embedInCode("Templates/lxd-preseed.yaml"),
        .embedInCode("Templates/config.boot-1.3"),
        .embedInCode("Templates/config.boot-1.4"),
        .embedInCode("Templates/config.boot-1.5"),
      ]),
    .executableTarget(name: "recovery", dependencies: ["DisasterRecovery", "LambdaRuntime"]),
    .target(
      name: "DisasterRecovery",
      dependencies: ["FleetKit", "Orchestration", "SSMKit", "AWSClient", "JSON", "Groundwork"]),
    .target(name: "FleetKit", dependencies: ["SSMKit", "AWSClient", "HTTPClient", "JSON", "Groundwork"]),
    // What the tests of a function stand on; no bootstrap has it.
    .target(
      name: "FleetTesting",
      dependencies: ["FleetKit", "SSMKit", "AWSClient", "LambdaRuntime", "HTTPClient", "Groundwork"]),
    .target(name: "SSMKit", dependencies: ["AWSClient", "Groundwork"]),
    .target(name: "AWSClient", dependencies: ["HTTPClient", "JSON", "Groundwork", "COpenSSL"]),
    .target(
      name: "Orchestration",
      dependencies: ["SSMKit", "AWSClient", "HTTPClient", "JSON", "Groundwork", "Zip"]),
    // For people's tools; functions get theirs from the environment, and carry nothing of this.
    .target(name: "AWSCredentials", dependencies: ["AWSClient", "HTTPClient", "Groundwork"]),
    .target(name: "HTTPClient", dependencies: ["Groundwork", "CLibcurl"]),
    .target(name: "Groundwork"),

    // Writes the deployment packages.
    .executableTarget(name: "ziptool", dependencies: ["Zip"]),
    .target(name: "Zip", dependencies: ["CZlib"]),

    // Programs of the tests, never packaged.
    .executableTarget(
      name: "signer", dependencies: ["AWSClient", "HTTPClient", "Groundwork"], path: "Tests/Signer"),
    .executableTarget(
      name: "keys", dependencies: ["AWSCredentials", "AWSClient", "HTTPClient", "Groundwork"],
      path: "Tests/Keys"),
    .executableTarget(
      name: "ConformanceHandler", dependencies: ["LambdaRuntime", "HTTPClient", "Groundwork"],
      path: "Tests/ConformanceHandler"),

    .testTarget(name: "GroundworkTests", dependencies: ["Groundwork"]),
    .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient", "FleetTesting"]),
    .testTarget(
      name: "LambdaRuntimeTests",
      dependencies: ["LambdaRuntime", "HTTPClient", "Groundwork", "FleetTesting", "ConformanceHandler"]),
    .testTarget(
      name: "FleetKitTests",
      dependencies: ["FleetKit", "SSMKit", "AWSClient", "HTTPClient", "Groundwork", "FleetTesting"]),
    .testTarget(
      name: "AWSClientTests",
      dependencies: ["AWSClient", "FleetKit", "HTTPClient", "Groundwork", "FleetTesting"]),
    .testTarget(
      name: "OrchestrationTests",
      dependencies: [
        "Orchestration", "SSMKit", "AWSClient", "HTTPClient", "Groundwork", "FleetTesting", "Zip",
      ]),
    .testTarget(
      name: "ClusterUpgradeTests",
      dependencies: [
        "ClusterUpgrade", "FleetKit", "Orchestration", "AWSClient", "HTTPClient", "Groundwork",
        "FleetTesting",
      ]),
    .testTarget(
      name: "DisasterRecoveryTests",
      dependencies: [
        "DisasterRecovery", "FleetKit", "Orchestration", "AWSClient", "HTTPClient", "Groundwork",
        "FleetTesting",
      ]),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "Groundwork", "FleetTesting"]),
    .testTarget(
      name: "SharedFilesTests",
      dependencies: ["SharedFiles", "AWSClient", "HTTPClient", "Groundwork", "FleetTesting"]),
    .testTarget(
      name: "SSMKitTests", dependencies: ["SSMKit", "AWSClient", "HTTPClient", "Groundwork", "FleetTesting"]),
    .testTarget(
      name: "SDWANTests",
      dependencies: [
        "SDWAN", "FleetKit", "SSMKit", "AWSClient", "HTTPClient", "Groundwork", "FleetTesting",
      ],
      resources: [.copy("Fixtures"), .copy("Field")]),
  ],
  swiftLanguageModes: [.v6]
)

// Reaches into the modules and is linked with libFuzzer, so only `scripts/fuzz` builds it.
if Context.environment["SDWAN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "SDWAN", "SharedFiles", "FleetKit", "SSMKit", "AWSClient", "HTTPClient", "LambdaRuntime",
        "JSON", "Groundwork",
      ],
      path: "Tests/Fuzz", exclude: ["words.dict"]))
}
