import AWSClient
import FleetTesting
import Groundwork
import Testing

@testable import SSMKit

/// A deadline is a moment, and whoever waits in a queue waits until then at most.
@Suite struct DeadlineTests {
  /// Whoever has less time than those before him does not wait for them.
  @Test func theImpatientLeaveTheQueue() async throws {
    let (refusal, elapsed, others) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(100, clock, latency: { _ in .seconds(8) })
        return await withTaskGroup(of: Int.self) { group in
          group.addTask { await fleet.sendToEach(Array(fleet.instances.prefix(90))).count }
          try? await clock.clock.sleep(.seconds(1))
          var refusal: CommandRefusal?
          do throws(CommandRefusal) {
            _ = try await fleet.runCommand.send(
              fleet.request([fleet.instances[99]]), latest: Deadline(Instant(.seconds(3))))
          } catch {
            refusal = error
          }
          let elapsed = clock.elapsed
          return (refusal, elapsed, await group.next())
        }
      }
    }.get()
    #expect(refusal?.isPassing == true && refusal?.isUnknown == false && refusal?.isTimeout == true)
    #expect(elapsed == .seconds(3) && others == 90)
  }
}
