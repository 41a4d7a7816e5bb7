import Foundation
import Groundwork
import Synchronization
import Testing

@testable import OperatorTool

@Suite struct KeyRotationTests {
  private static let well =
    #"{"phase": "p", "success_count": 2, "fail_count": 0, "summary": "2 of 2", "results": {}}"#
  private static let ill =
    #"{"phase": "p", "success_count": 1, "fail_count": 1, "summary": "nv-sdwan: no", "results": {}}"#
  private static let other =
    #"{"phase": "p", "success_count": 1, "fail_count": 0, "summary": "", "results": {"nv-sdwan": {"status": "Success", "details": {"diff": ["~ vpn ipsec secret"]}}}}"#
  private static let regions = ["us-east-1", "eu-central-1"]

  private func deployment(_ functions: [String: [String]], hasKey: Bool = true) -> FakeDeployment {
    let deployment = FakeDeployment()
    deployment.state.withLock { state in
      state.functions = ["phase2": [Self.well], "phase2 plan": [Self.well], "phase3": [Self.well]]
        .merging(functions) { $1 }
      if hasKey {
        for region in Self.regions { state.secrets["\(region) /sdwan-secrets/vpn-psk"] = ["old \(region)"] }
      }
    }
    return deployment
  }

  private func rotate(_ deployment: FakeDeployment, _ tunnel: String? = nil) async throws -> KeyRotation.End {
    let tool = try deployment.tool()
    let network = try await NetworkConfiguration(tool)
    let scope = try KeyRotation.Scope(tunnel, network.topology, network: "sdwan")
    return try await KeyRotation(tool: tool, scope: scope, random: { 7 }).run()
  }

  private func values(
    _ deployment: FakeDeployment, _ region: String, _ name: String = "/sdwan-secrets/vpn-psk"
  ) -> [String] {
    deployment.state.withLock { $0.secrets["\(region) \(name)"] ?? [] }
  }

  @Test func aNewKeyEverywhere() async throws {
    let deployment = deployment([:])
    #expect(try await rotate(deployment) == .rotated)
    let new = Data(repeating: 7, count: 33).base64EncodedString()
    for region in Self.regions { #expect(values(deployment, region) == ["old \(region)", new]) }
    #expect(deployment.state.withLock { $0.invoked } == ["phase3", "phase2", "phase2 plan", "phase3"])
    #expect(!deployment.printed.contains(new) && !deployment.complaints.contains(new), "nobody sees it")
  }

  /// Whatever goes wrong, each region has its own old key again, and the routers too.
  @Test(arguments: [
    ["phase2": [ill, well]], ["phase2 plan": [other, well]], ["phase3": [well, ill, well]],
    [
      "phase2 plan": [
        #"{"phase": "p", "success_count": 0, "fail_count": 1, "results": {"x": {"status": "TimedOut", "stderr": "?"}}}"#,
        well,
      ]
    ],
  ])
  func theOldKeyComesBack(functions: [String: [String]]) async throws {
    let deployment = deployment(functions)
    guard case .restored = try await rotate(deployment) else {
      Issue.record("a bad key was kept")
      return
    }
    for region in Self.regions {
      #expect(values(deployment, region).last == "old \(region)" && values(deployment, region).count == 3)
    }
    #expect(deployment.state.withLock { $0.invoked.suffix(3) } == ["phase2", "phase2 plan", "phase3"])
  }

  /// Who is ill already is not given a key.
  @Test func nothingWhereSomebodyIsIll() async throws {
    let deployment = deployment(["phase3": [Self.ill]])
    let error = await #expect(throws: ToolError.self) { try await self.rotate(deployment) }
    #expect(
      error?.outcome == .unwell && error?.message.hasPrefix("nothing was changed: nv-sdwan: no") == true)
    #expect(values(deployment, "us-east-1").count == 1)
  }

  /// Where even that fails the words say where the old key is.
  @Test func theOldKeyIsNotLost() async throws {
    let deployment = deployment(["phase2": [Self.ill]])
    let error = await #expect(throws: ToolError.self) { try await self.rotate(deployment) }
    #expect(error?.message.contains("version 1 in us-east-1") == true)
    #expect(error?.message.contains("old us-east-1") == false)
    #expect(values(deployment, "us-east-1").last == "old us-east-1")
  }

  /// A tunnel's own key is made, and goes again where there was none before.
  @Test func aKeyOfOneTunnel() async throws {
    let deployment = deployment([:])
    #expect(try await rotate(deployment, "nv") == .rotated)
    #expect(values(deployment, "us-east-1", "/sdwan-secrets/vpn-psk/nv").count == 1)
    #expect(
      values(deployment, "us-east-1").count == 1
        && values(deployment, "eu-central-1", "/sdwan-secrets/vpn-psk/nv").isEmpty)
    let failing = self.deployment(["phase2": [Self.ill, Self.well]])
    guard case .restored = try await rotate(failing, "nv") else {
      Issue.record("a bad key was kept")
      return
    }
    #expect(values(failing, "us-east-1", "/sdwan-secrets/vpn-psk/nv").isEmpty)
    let error = await #expect(throws: ToolError.self) { try await self.rotate(deployment, "nw") }
    #expect(error?.message == "the network has no tunnel nw; did you mean nv?")
  }
}
