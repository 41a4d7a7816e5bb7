import AWSClient
import FleetTesting
import Groundwork
import Testing

@testable import SSMKit

/// A deadline is a moment, and whoever waits in a queue waits until then at most.
@Suite struct DeadlineTests {
  /// 200 at work, of which one operation never answers; 40 s are left. Without deadlines in the queues that took 61 s.
  @Test(arguments: ["GetCommandInvocation", "SendCommand", "CancelCommand"])
  func everyAnswerComesInTime(hanging: String) async throws {
    let (results, elapsed) = try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(
          200, clock, latency: { $0 == hanging ? .seconds(3600) : .milliseconds(30) },
          answering: { _, _ in .init(after: .seconds(3600)) })
        let results = await concurrently(fleet.instances) { instance in
          await fleet.runCommand.sendAndWait(
            fleet.request([instance]), latest: Deadline(Instant(.seconds(40))))
        }
        return (Array(results.values), clock.elapsed)
      }
    }.get()
    #expect(results.count == 200 && results.allSatisfy { $0.status == .timedOut })
    // A last look, and a last request to stop.
    #expect(elapsed <= .seconds(41.5))
  }

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
