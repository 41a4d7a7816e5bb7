import Groundwork
import FleetTesting

@testable import AWSClient

/// A client of a fake service, with what it has learnt from call to call.
struct Caller {
  private struct Empty: Codable {}
  private let client: ServiceClient

  init(
    _ service: FakeService, _ clock: Clock, random: Double, environment: [String: String] = [:]
  ) throws(ConfigurationError) {
    client = try ServiceClient(
      service: "ssm", targetPrefix: "AmazonSSM",
      service.dependencies(clock, environment: environment, random: { random }))
  }

  /// - Returns: the type of the error; nil for a success.
  func call(region: Region = .virginia) async -> String? {
    do throws(FailedCall) {
      let _: Empty = try await client.call("Ask", region: region, Empty())
      return nil
    } catch {
      return error.error.type
    }
  }
}
