import AWSClient
import Groundwork
import SSMKit
import FleetTesting
import Testing

@testable import SDWAN

/// Phase 3 looks again at what may still come up, and at nothing else.
@Suite struct VerificationPollingTests {
  private func run(
    verifyTimeout: String? = nil, deadline: UnixTime? = nil, clock: VirtualClock,
    _ nvSdwan: @escaping @Sendable (_ number: Int) -> FakeHosts.Answer
  ) async throws -> (result: ReadResult, looks: Int) {
    let outputs = try PhaseHandlerTests.healthyOutputs(.v1_3)
    let hosts = try FakeHosts.standard { router, number in
      router == "nv-sdwan" ? nvSdwan(number) : FakeHosts.Answer(stdout: outputs[router] ?? "")
    }
    let environment = verifyTimeout.map { ["SDWAN_VERIFY_TIMEOUT": $0] } ?? [:]
    let result = try await hosts.run(
      .phase3, event: #"{"instances": ["nv-sdwan"]}"#, clock: clock, deadline: deadline,
      environment: environment)
    return (result, hosts.scripts["nv-sdwan"]?.count ?? 0)
  }

  static func transient() throws -> String {
    let commands = ["bgp-summary", "interfaces", "ipsec-sa"]
    var states = Dictionary(uniqueKeysWithValues: commands.map { ($0, "psk-mismatch") })
    states["ip-route-bgp"] = "none"
    return try RouterOutput.captured(.v1_3, states, pings: false).text
  }

  @Test(arguments: [1, 2, 5])
  func untilHealthy(comesUpAt look: Int) async throws {
    let healthy = try RouterOutput.captured(.v1_3).text
    let transient = try Self.transient()
    let clock = VirtualClock()
    let (result, looks) = try await run(clock: clock) { number in
      FakeHosts.Answer(stdout: number >= look ? healthy : transient)
    }
    #expect(looks == look)
    #expect(result.object["success_count"] as? Int == 1, "\(result.summary)")
    #expect(clock.elapsed <= .seconds(60))
  }

  /// In a rollout by waves a tunnel to a router that comes later is not missed yet.
  @Test func onlyWhatIsReached() async throws {
    let transient = try Self.transient()
    let hosts = try FakeHosts.standard { _, _ in
      FakeHosts.Answer(stdout: transient)
    }
    let alone = try await hosts.run(
      .phase3, event: #"{"instances": ["nv-sdwan"], "reached": ["nv-sdwan"]}"#)
    #expect(!alone.summary.contains("no IPsec SA"), "\(alone.summary)")
    let together = try await hosts.run(
      .phase3, event: #"{"instances": ["nv-sdwan"], "reached": ["nv-sdwan", "nv-branch1"]}"#)
    #expect(together.summary.contains("no IPsec SA"))
  }

  /// `SDWAN_VERIFY_TIMEOUT` ends it, 60 s by default; 0 means one look, and one more that asks why there is no SA.
  @Test(arguments: [(nil, 60), ("0", 0), ("7.5", 7.5), ("200", 200)] as [(String?, Double)])
  func untilTheTimeout(variable: String?, seconds: Double) async throws {
    let transient = try Self.transient()
    let clock = VirtualClock()
    let (result, looks) = try await run(verifyTimeout: variable, clock: clock) { _ in
      FakeHosts.Answer(stdout: transient)
    }
    #expect(result.failed == ["nv-sdwan"])
    #expect(result.text("nv-sdwan", "status") == "Failed")
    #expect(result.summary.contains("no IPsec SA to 203.0.113.2 is up"))
    #expect(result.text("nv-sdwan", "stdout").contains("=====[ ipsec-sa ]====="))
    #expect(looks >= 2 && (looks == 2) == (seconds == 0))
    // The last look began in time, and not long before the end.
    #expect(clock.elapsed <= .seconds(seconds + 2))
    #expect(seconds == 0 || clock.elapsed >= .seconds(seconds - 7))
  }

  /// What will not come up by itself is told at once.
  @Test func aFinalState() async throws {
    var output = try RouterOutput.captured(.v1_3)
    output["interfaces"] = output["interfaces"].replacingOccurrences(of: "u/u  OUTSIDE", with: "A/D  OUTSIDE")
    let final = output.text
    let (result, looks) = try await run(clock: VirtualClock()) { _ in FakeHosts.Answer(stdout: final) }
    #expect(looks == 1)
    #expect(result.failed == ["nv-sdwan"])
    #expect(result.summary.contains("switched off"))
  }

  @Test func aCommandThatFails() async throws {
    let (result, looks) = try await run(clock: VirtualClock()) { _ in
      FakeHosts.Answer(status: "Failed", stderr: "sdwan: another run is at work on this host")
    }
    #expect(looks == 1)
    #expect(result.failed == ["nv-sdwan"])
    #expect(result.summary.contains("another run is at work"))
    #expect(result.details("nv-sdwan")["bgp"] as? String == "fail")
    let pings = result.details("nv-sdwan")["ping"] as? [String: String]
    #expect(pings == ["169.254.100.2": "unknown", "10.255.1.1": "unknown"])
  }

  /// The invocation's deadline comes before the timeout.
  @Test func theDeadline() async throws {
    let transient = try Self.transient()
    let clock = VirtualClock()
    let (result, looks) = try await run(
      verifyTimeout: "600", deadline: VirtualClock.start + .seconds(30), clock: clock
    ) { _ in FakeHosts.Answer(stdout: transient) }
    #expect(looks > 1)
    #expect(result.failed == ["nv-sdwan"])
    #expect(clock.elapsed <= .seconds(30))
  }

  /// A hub's long answers come packed and are judged like others.
  @Test func packedAnswers() async throws {
    let text = try RouterOutput.captured(.v1_3).text
    let packed = try Shell("/bin/bash", ["-c", "gzip -9 -c | base64"], input: text).stdout
    let (result, _) = try await run(clock: VirtualClock()) { _ in
      FakeHosts.Answer(stdout: "=====[ gzip base64 ]=====\n" + packed)
    }
    #expect(result.object["success_count"] as? Int == 1, "\(result.summary)")
    #expect(result.text("nv-sdwan", "stdout") == text)
    let (cut, looks) = try await run(clock: VirtualClock()) { _ in
      FakeHosts.Answer(stdout: "=====[ gzip base64 ]=====\n" + packed.prefix(packed.count / 2))
    }
    #expect(cut.failed == ["nv-sdwan"])
    // What can't be read is looked at again.
    #expect(looks > 1)
  }
}
