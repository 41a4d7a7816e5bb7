import Groundwork
import HTTPClient
import SSMKit
import FleetTesting
import Testing

@testable import FleetKit
@testable import SDWAN

@Suite struct SettingsTests {
  private static let image = [
    "VYOS_S3_BUCKET": "images", "VYOS_S3_KEY": "vyos.tar.gz", "VYOS_S3_REGION": "eu-central-1",
  ]

  /// All that a phase reads.
  private struct Read {
    let fleet: FleetSettings
    let network: NetworkSettings
    let image: RouterImage?

    init(_ phase: Phase, _ environment: @escaping Environment) throws {
      fleet = try FleetSettings(.network, standardTimeout: phase.standardTimeout, environment: environment)
      network = try NetworkSettings(environment: environment)
      image = phase == .phase1 ? try RouterImage(environment: environment) : nil
    }
  }

  private func settings(_ phase: Phase = .phase1, _ changes: [String: String?] = [:]) throws -> Read {
    let environment = Self.image.merging(changes.compactMapValues { $0 }) { $1 }.filter { name, _ in
      changes[name].map { $0 != nil } ?? true
    }
    return try Read(phase) { environment[$0] }
  }

  @Test(arguments: [(Phase.phase1, 600), (.phase2, 300), (.phase3, 300)])
  func defaults(phase: Phase, timeout: Int) throws {
    let settings = try settings(phase)
    #expect(settings.network.name.text == "sdwan" && settings.fleet.name == nil)
    #expect(settings.network.prefix.text == "/sdwan/")
    #expect(settings.network.regions == [.virginia, .frankfurt])
    #expect(settings.network.topology == .known(try Topology.standard()))
    #expect(settings.network.version == .v1_3)
    #expect(settings.fleet.timeout == .seconds(timeout))
    #expect(settings.fleet.pollInterval == .seconds(15))
    #expect(settings.network.verifyTimeout == .seconds(60))
    #expect(settings.fleet.log?.stream == nil)
    let image = RouterImage(bucket: "images", key: "vyos.tar.gz", region: .frankfurt, sha256: "")
    #expect(settings.image == (phase == .phase1 ? image : nil))
  }

  @Test func everyVariable() throws {
    let topology =
      #"{"routers": {"x": {"region": "us-west-2", "role": "sdwan", "loopback": "10.0.0.1/32"}}, "tunnels": []}"#
    let settings = try settings(
      .phase1,
      [
        "SSM_PARAM_PREFIX": "/other", "SDWAN_REGIONS": "us-west-2, eu-west-1", "VYOS_VERSION": "1.5",
        "SSM_TIMEOUT": "42", "SSM_POLL_INTERVAL": "0.25", "SDWAN_VERIFY_TIMEOUT": "0",
        "SDWAN_TOPOLOGY": topology, "VYOS_S3_BUCKET": "my.bucket-1", "VYOS_S3_KEY": "a/b c",
        "VYOS_S3_REGION": "us-west-2", "AWS_LAMBDA_LOG_GROUP_NAME": "g", "AWS_LAMBDA_LOG_STREAM_NAME": "s",
      ])
    #expect(settings.network.prefix.text == "/other/")
    #expect(settings.network.regions.map(\.name) == ["us-west-2", "eu-west-1"])
    #expect(settings.network.version == .v1_5)
    #expect(settings.fleet.timeout == .seconds(42))
    #expect(settings.fleet.pollInterval == .seconds(0.25))
    #expect(settings.network.verifyTimeout == .zero)
    guard case .known(let topology) = settings.network.topology else {
      Issue.record("the topology is not known")
      return
    }
    #expect(topology.routers.map(\.name) == ["x"])
    #expect(settings.image?.bucket == "my.bucket-1" && settings.image?.key == "a/b c")
    #expect(settings.image?.region.name == "us-west-2")
    #expect(settings.fleet.log?.group == "g" && settings.fleet.log?.stream == "s")
  }

  @Test func anotherNetwork() throws {
    let settings = try settings(.phase2, ["SDWAN_NAME": "blue-2"])
    #expect(settings.network.prefix.text == "/blue-2/")
    #expect(settings.network.secrets.password == "/blue-2-secrets/ubuntu-password")
    #expect(settings.network.secrets.key == "/blue-2-secrets/vpn-psk")
    #expect(settings.fleet.name?.text == "blue-2")
  }

  @Test(arguments: [
    (
      "SDWAN_NAME", ["Blue", "1st", "-x", "x-", "a/b", "$(id)", "a b", String(repeating: "x", count: 65)],
      "lower-case letters, digits and hyphens"
    ),
    ("SSM_PARAM_PREFIX", ["sdwan", "/s d/", "/a//b/", "$(id)", "/a\n/"], "a path like /sdwan/"),
    (
      "SDWAN_REGIONS", ["mars", "us-east-1,", "us-east-1;eu-central-1", "us-east-1,us-east-1", ","],
      "different regions parted by commas"
    ),
    ("VYOS_VERSION", ["1.2", "1.6", "v1.3", "1.3 "], "1.3, 1.4 or 1.5"),
    ("SSM_TIMEOUT", ["0", "-1", "1.5", "many", "172801", " 5"], "whole seconds from 1 to 172800"),
    ("SSM_POLL_INTERVAL", ["0", "-1", "901", "nan", "inf", "x"], "seconds from 0.001 to 900"),
    ("SDWAN_VERIFY_TIMEOUT", ["-1", "3601", "nan", "soon"], "seconds from 0 to 3600"),
    ("SDWAN_TOPOLOGY", ["{}", "x", #"{"routers": {}, "tunnels": []}"#], "a topology as JSON"),
    ("VYOS_S3_BUCKET", ["ab", "UPPER", "a b c"], "a bucket name"),
    ("VYOS_S3_KEY", ["-k", "/k", "a\nb"], "an object key"),
    ("VYOS_S3_REGION", ["mars", "us-east"], "a region like us-east-1"),
    ("AWS_REGION", ["us-east-1.evil/", "us-east-1 ", "mars"], "a region like us-east-1"),
  ])
  func bad(variable: String, values: [String], allowed: String) {
    for value in values {
      let error = #expect(throws: ConfigurationError.self, "\(variable)=\(value)") {
        try settings(.phase1, [variable: value])
      }
      #expect(error?.variable == variable)
      #expect(error?.value == value)
      #expect(error?.description.contains(variable) == true)
      #expect(error?.description.contains(value.prefix(200)) == true)
      #expect(error?.description.contains(allowed) == true)
    }
  }

  @Test(arguments: [
    ("us-east-1", "us-east-1,cn-north-1", "aws"), ("cn-north-1", "us-east-1", "aws-cn"),
    ("us-gov-west-1", "us-gov-east-1,us-west-1", "aws-us-gov"), ("eusc-de-east-1", nil, "aws-eusc"),
  ])
  func regionsOfAnotherPartition(own: String, regions: String?, partition: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try settings(.phase1, ["AWS_REGION": own, "SDWAN_REGIONS": regions])
    }
    #expect(error?.variable == "SDWAN_REGIONS")
    #expect(error?.description.contains("regions of \(partition), the partition") == true)
  }

  @Test func regionsOfOnePartition() throws {
    let settings = try settings(
      .phase1, ["AWS_REGION": "cn-north-1", "SDWAN_REGIONS": "cn-north-1,cn-northwest-1"])
    #expect(settings.fleet.region.name == "cn-north-1")
  }

  @Test(arguments: ["VYOS_S3_BUCKET", "VYOS_S3_KEY", "VYOS_S3_REGION"])
  func onlyPhase1NeedsTheImage(variable: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try settings(.phase1, [variable: nil]) }
    #expect(error?.description.contains("\(variable) is not set") == true)
    _ = try settings(.phase2, [variable: nil])
    _ = try settings(.phase3, [variable: nil])
  }

  @Test func aHandlerReportsABadVariable() {
    let service = FakeService { _, _ throws(HTTPError) in .json("{}") }
    let error = #expect(throws: Failure.self) {
      try VPN.handler(
        service.dependencies(VirtualClock().clock(), environment: ["SSM_TIMEOUT": "soon"]))
    }
    #expect(error?.type == "Configuration.Invalid")
    #expect(error?.message.contains("SSM_TIMEOUT") == true)
  }
}
