import AWSClient
import FleetTesting
import Groundwork
import HTTPClient
import Testing

@testable import SSMKit

/// Many commands are stopped at once, and what is counted as stopped has been seen to be.
@Suite struct CancellationTests {
  private struct End: Sendable {
    var outcomes: [SentCommand: CancelOutcome]
    var requests: Int
    var elapsed: Duration

    func count(_ outcome: CancelOutcome) -> Int { outcomes.values.count { $0 == outcome } }
    var ended: Int { outcomes.values.count { if case .ended = $0 { true } else { false } } }
    var failed: [AWSError] {
      outcomes.values.compactMap { if case .failed(let error) = $0 { error } else { nil } }
    }
  }

  /// Cancels the commands of a fleet that is at work.
  private func cancel(
    _ count: Int, within time: Duration = .seconds(30), together: Bool = false,
    _ change: @escaping @Sendable (Fleet) -> Void = { _ in }
  ) async throws -> End {
    try await SimulatedTime.run { clock in
      await Result {
        let fleet = try Fleet(
          count, clock, latency: { _ in .milliseconds(100) },
          answering: { _, _ in .init(after: .seconds(600)) })
        if together {
          for start in stride(from: 0, to: count, by: 50) {
            let some = Array(fleet.instances[start..<start + 50])
            _ = try await fleet.runCommand.send(fleet.request(some), latest: .never)
          }
        } else {
          _ = await fleet.sendToEach(fleet.instances)
        }
        change(fleet)
        let begun = clock.elapsed
        let outcomes = await fleet.runCommand.cancel(
          fleet.sent, since: fleet.start, execution: fleet.mark,
          latest: Deadline(Instant(begun + time)))
        return End(
          outcomes: outcomes, requests: fleet.count(of: "CancelCommand"), elapsed: clock.elapsed - begun)
      }
    }.get()
  }

  /// 200 at 100 ms each took 31 s.
  @Test func manyAtOnce() async throws {
    let end = try await cancel(200)
    #expect(end.count(.cancelled) == 200 && end.requests == 200)
    #expect(end.elapsed < .seconds(3))
  }

  @Test func oneRequestForACommandOfMany() async throws {
    let end = try await cancel(200, together: true)
    #expect(end.count(.cancelled) == 200 && end.requests == 4)
  }

  /// What had ended was not stopped, though the service says yes to the request.
  @Test func whatHadEndedIsNotCounted() async throws {
    let end = try await cancel(60) { $0.systems.finish(["us-east-1-1", "us-east-1-2"]) }
    #expect(end.count(.cancelled) == 58 && end.ended == 2)
  }

  @Test func throttledRequestsAreMadeAgain() async throws {
    let end = try await cancel(100, within: .seconds(60)) {
      $0.systems.limit("CancelCommand", rate: 5, burst: 5)
    }
    #expect(end.count(.cancelled) == 100 && end.elapsed < .seconds(45))
  }

  /// A service that is broken for longer than a call's retries.
  @Test func unansweredRequestsAreMadeAgain() async throws {
    let end = try await cancel(20) { $0.systems.fail(150, callsOf: "CancelCommand") }
    #expect(end.count(.cancelled) == 20 && end.requests > 150)
  }

  @Test func whatCouldNotBeAskedIsSaidToBeSo() async throws {
    let end = try await cancel(100, within: .seconds(10)) {
      $0.systems.limit("CancelCommand", rate: 0, burst: 40)
    }
    #expect(end.count(.cancelled) == 40 && end.failed.count == 60 && end.failed.allSatisfy { $0.isPassing })
    #expect(end.elapsed <= .seconds(10.5))
  }

  @Test func whoMayNotStopThemIsToldOnce() async throws {
    let end = try await cancel(60) {
      $0.systems.remove("CancelCommand", saying: .error("AccessDeniedException"))
    }
    #expect(end.failed.count == 60 && end.failed.allSatisfy { $0.code == "AccessDeniedException" })
    #expect(end.requests == 60)
  }

  /// An agent that does not listen: it was asked, and that is all that is known.
  @Test func whoWasAskedAndGoesOn() async throws {
    let end = try await cancel(60, within: .seconds(20)) { $0.systems.keepDeaf(["us-east-1-5"]) }
    #expect(end.count(.cancelled) == 59 && end.count(.asked) == 1)
    #expect(end.requests == 60 && end.elapsed <= .seconds(20.5))
  }

  @Test func nothingToStop() async throws {
    let end = try await cancel(0)
    #expect(end.outcomes.isEmpty && end.requests == 0 && end.elapsed == .zero)
  }
}
