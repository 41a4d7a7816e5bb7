import AWSClient
import FleetKit
import Foundation
import Groundwork
import SSMKit
import Synchronization
import FleetTesting
import Testing

@testable import SDWAN

/// What does not fit into an environment or an answer lies in S3; metrics go with every answer.
@Suite struct LargeNetworkTests {
  private func hosts(stdout: String = "sdwan: configuration committed\n") throws -> FakeHosts {
    try .standard { _, _ in
      FakeHosts.Answer(stdout: stdout)
    }
  }

  private static let topology = """
    {"routers": {"nv-sdwan": {"region": "us-east-1", "role": "sdwan", "loopback": "10.255.0.1/32", "asn": 65001},
      "nv-branch1": {"region": "us-east-1", "role": "branch", "loopback": "10.255.1.1/32", "asn": 65002}},
     "tunnels": [{"name": "t", "ends": [
       {"router": "nv-sdwan", "vti": "vti0", "address": "169.254.100.1/30"},
       {"router": "nv-branch1", "vti": "vti0", "address": "169.254.100.2/30"}]}]}
    """

  @Test func topologyInS3() async throws {
    let hosts = try hosts()
    let environment = ["SDWAN_TOPOLOGY": "s3://my-bucket/topology.json?versionId=7"]
    hosts.store("my-bucket/topology.json?versionId=7", Array(Self.topology.utf8))
    let result = try await hosts.run(.phase2, environment: environment)
    #expect(result.results.keys.sorted() == ["nv-branch1", "nv-sdwan"])

    hosts.store("my-bucket/topology.json?versionId=7", Array("{}".utf8))
    let broken = await #expect(throws: Failure.self) {
      _ = try await hosts.run(.phase2, environment: environment)
    }
    #expect(broken?.type == "Configuration.Invalid")
    #expect(broken?.message.contains("s3://my-bucket/topology.json?versionId=7") == true)

    let missing = await #expect(throws: Failure.self) {
      _ = try await hosts.run(.phase2, environment: ["SDWAN_TOPOLOGY": "s3://my-bucket/other.json"])
    }
    #expect(missing?.type == "AWS.NoSuchKey")
    #expect(missing?.message.contains("s3://my-bucket/other.json") == true)
  }

  /// An answer that had to be cut says where the whole lies; one that fits leaves nothing there.
  @Test(arguments: [(20_000, true), (100, false)])
  func resultsInS3(size: Int, isStored: Bool) async throws {
    let output = String(repeating: "x", count: size)
    let hosts = try hosts(stdout: output)
    let result = try await hosts.run(
      .phase2, event: #"{"execution": "arn:run", "wave": "canary", "retry_count": 0}"#,
      environment: ["SDWAN_RESULTS": "s3://my-bucket/results"])
    let uri = result.object["results_uri"] as? String
    #expect((uri != nil) == isStored)
    #expect(hosts.objects.count == (isStored ? 1 : 0))
    guard let uri else { return }
    #expect(uri.hasPrefix("s3://my-bucket/results/\(CommandMark.execution("arn:run"))/canary-phase2-"))
    let bytes = try #require(hosts.objects[String(uri.dropFirst(5))])
    let whole = ReadResult(
      object: try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]))
    #expect(whole.text("nv-sdwan", "stdout") == output)
    #expect(result.text("nv-sdwan", "stdout").utf8.count < size)
  }

  @Test(arguments: [nil, "blue"]) func metrics(network: String?) async throws {
    let hosts = try hosts()
    hosts.set("/sdwan/nv-sdwan/instance-id", in: .virginia, to: nil)
    let clock = VirtualClock()
    let lines = Mutex<[[UInt8]]>([])
    var dependencies = hosts.service.dependencies(clock.clock())
    let given = dependencies.environment
    // The hosts' parameters are where they are, whatever the network is called.
    let named = ["SDWAN_NAME": network, "SSM_PARAM_PREFIX": "/sdwan/"]
    dependencies.environment = { name in named[name] ?? given(name) }
    let handler = try VPN.handler(dependencies)
    // A threshold that no other line reaches.
    let environment = ["AWS_LAMBDA_LOG_LEVEL": "FATAL"]
    let logger = Logger(environment: { environment[$0] }, clock: { VirtualClock.start }) { line in
      lines.withLock { $0.append(line) }
    }
    _ = try await handler(Invocation(requestID: "r", event: Array("{}".utf8)), logger)
    let line = try #require(lines.withLock { $0.count == 1 ? $0[0] : nil })
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    #expect(object["Phase"] as? String == "phase2")
    #expect(object["Name"] as? String == network)
    #expect(object["RoutersSucceeded"] as? Int == 3 && object["RoutersFailed"] as? Int == 1)
    #expect(object["Retries"] as? Int == 0)
    #expect((object["Duration"] as? Double).map { $0 >= 0 } == true)
    let directive = ((object["_aws"] as? [String: Any])?["CloudWatchMetrics"] as? [[String: Any]])?.first
    #expect(directive?["Namespace"] as? String == "SDWAN")
    let dimensions = network == nil ? [["Phase"]] : [["Name", "Phase"]]
    #expect(directive?["Dimensions"] as? [[String]] == dimensions)
    let names = (directive?["Metrics"] as? [[String: String]])?.compactMap { $0["Name"] } ?? []
    #expect(names.count == 4 && names.allSatisfy { object[$0] != nil })
  }
}
