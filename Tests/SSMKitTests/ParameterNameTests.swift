import AWSClient
import FleetTesting
import Groundwork
import SSMKit
import Testing

/// Names of parameters, without their values.
@Suite struct ParameterNameTests {
  private func names(_ parameters: [String], _ change: (FakeSystemsManager) -> Void = { _ in }) async throws
    -> (names: [String], service: FakeService)
  {
    let fake = FakeSystemsManager(
      [], parameters: [.virginia: Dictionary(uniqueKeysWithValues: parameters.map { ($0, "secret") })])
    change(fake)
    let service = fake.service
    let client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM", service.dependencies(VirtualClock().clock()))
    return (
      try await ParameterStore(client).names(below: "/keys", in: .virginia, latest: .never), service
    )
  }

  /// Fifty are on a page.
  @Test func ofAllPages() async throws {
    let wanted = (100..<220).map { "/keys/\($0)" }
    let found = try await names(wanted + ["/keys", "/keys/100/old", "/keysmith/1"])
    #expect(found.names == wanted)
    #expect(found.service.count(of: "DescribeParameters") == 3)
  }

  @Test func ofNone() async throws { #expect(try await names(["/other/1"]).names.isEmpty) }

  @Test func aRefusalIsNoEmptyList() async throws {
    await #expect(throws: AWSError.self) {
      try await names(["/keys/1"]) {
        $0.remove("DescribeParameters", saying: .error("AccessDeniedException"))
      }
    }
  }
}
