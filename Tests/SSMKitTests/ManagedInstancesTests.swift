import AWSClient
import FleetTesting
import Groundwork
import Testing

@testable import SSMKit

/// Who is online: throttling is waited for, though not for long, for a command can be sent all the same.
@Suite struct ManagedInstancesTests {
  private struct Seen: Sendable {
    var online: Int
    var offline: Int
    var elapsed: Duration
  }

  private func look(
    at count: Int, waiting limit: Duration, _ change: @escaping @Sendable (Fleet) -> Void
  ) async throws -> Seen {
    try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(count, clock)
        change(fleet)
        let seen = await ManagedInstances(fleet.client).waitUntilOnline(
          fleet.instances, in: .virginia, limit: limit, latest: Deadline(Instant(.seconds(890))))
        return Seen(
          online: seen.values.count { $0 == .online }, offline: seen.values.count { $0 != .online },
          elapsed: clock.elapsed)
      }
    }.get()
  }

  @Test func aThrottledLookIsFinished() async throws {
    let seen = try await look(at: 500, waiting: .zero) {
      $0.systems.limit("DescribeInstanceInformation", rate: 2, burst: 2)
    }
    #expect(seen.online == 500 && seen.elapsed < .seconds(15))
  }

  @Test(arguments: [0, 30])
  func theTimeIsNotSpentOnIt(limit: Int) async throws {
    let seen = try await look(at: 100, waiting: .seconds(limit)) {
      $0.systems.limit("DescribeInstanceInformation", rate: 0, burst: 0)
    }
    #expect(seen.online == 0 && seen.offline == 0 && seen.elapsed <= .seconds(limit + 15))
  }

  @Test func whoStaysAwayIsTold() async throws {
    let seen = try await look(at: 60, waiting: .seconds(20)) { $0.systems.keepOffline(["us-east-1-5"]) }
    #expect(seen.online == 59 && seen.offline == 1)
    #expect(seen.elapsed >= .seconds(20) && seen.elapsed < .seconds(22))
  }
}
