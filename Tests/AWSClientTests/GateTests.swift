import FleetTesting
import Groundwork
import Synchronization
import Testing

@testable import AWSClient

/// Who waits at a gate waits until his deadline and no longer.
@Suite struct GateTests {
  private struct Late: Error, Equatable {}

  private final class Notes: Sendable {
    let all = Mutex<[Int]>([])
  }

  /// Takes a place for so long.
  /// - Returns: when it was left; nil where there was none in time.
  private static func stay(
    _ gate: Gate, _ time: SimulatedTime, for duration: Duration, latest: Deadline = .never
  ) async -> Duration? {
    try? await gate.pass(latest: latest, time.clock, orThrow: Late()) { () async throws(Late) in
      try? await time.clock.sleep(duration)
      return time.elapsed
    }
  }

  @Test func noMoreThanItsWidthAreInside() async {
    let ends = await SimulatedTime.run { time in
      let gate = Gate(width: 3)
      return await withTaskGroup(of: Duration?.self) { group in
        for _ in 0..<10 { group.addTask { await Self.stay(gate, time, for: .seconds(1)) } }
        return await group.reduce(into: [Duration?]()) { $0.append($1) }
      }
    }
    #expect(ends == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4].map { .seconds($0) })
  }

  @Test func whoWaitsLeavesAtHisDeadline() async {
    let (ends, last) = await SimulatedTime.run { time in
      let gate = Gate(width: 1)
      return await withTaskGroup(of: (Duration?, Duration).self) { group in
        group.addTask { (await Self.stay(gate, time, for: .seconds(100)), time.elapsed) }
        try? await time.clock.sleep(.seconds(1))
        for number in 0..<200 {
          let latest = Deadline(Instant(.seconds(5 + number % 3)))
          group.addTask { (await Self.stay(gate, time, for: .zero, latest: latest), time.elapsed) }
        }
        var ends: [Duration] = []
        var last: Duration?
        for await (end, at) in group {
          if end == nil { ends.append(at) } else { last = at }
        }
        return (ends, last)
      }
    }
    #expect(ends.count == 200)
    #expect(ends.min() == .seconds(5) && ends.max() == .seconds(7))
    #expect(last == .seconds(100))
  }

  /// Those who have left are passed over, and nobody is forgotten.
  @Test func theOthersGoInInTheirOrder() async {
    let order = await SimulatedTime.run { time in
      let gate = Gate(width: 1)
      let order = Notes()
      await withTaskGroup(of: Void.self) { group in
        group.addTask { _ = await Self.stay(gate, time, for: .seconds(10)) }
        try? await time.clock.sleep(.seconds(1))
        for number in 0..<20 {
          group.addTask {
            let latest = number % 2 == 0 ? Deadline(Instant(.seconds(3))) : .never
            try? await gate.pass(latest: latest, time.clock, orThrow: Late()) { () async throws(Late) in
              order.all.withLock { $0.append(number) }
            }
          }
        }
        await group.waitForAll()
      }
      return order.all.withLock { $0 }
    }
    #expect(order == Array(stride(from: 1, to: 20, by: 2)))
  }

  @Test func whoIsCancelledLeavesToo() async {
    let elapsed = await SimulatedTime.run { time in
      let gate = Gate(width: 1)
      return await withTaskGroup(of: Duration?.self) { group in
        group.addTask { await Self.stay(gate, time, for: .seconds(50)) }
        try? await time.clock.sleep(.seconds(1))
        let waited = await withTaskGroup(of: Duration.self) { waiting in
          waiting.addTask {
            _ = await Self.stay(gate, time, for: .zero, latest: Deadline(Instant(.seconds(40))))
            return time.elapsed
          }
          try? await time.clock.sleep(.seconds(1))
          waiting.cancelAll()
          return await waiting.next()
        }
        await group.waitForAll()
        return waited
      }
    }
    #expect(elapsed == .seconds(2))
  }

  @Test func nobodyGoesInAfterHisDeadline() async {
    let end = await SimulatedTime.run { time in
      try? await time.clock.sleep(.seconds(2))
      return await Self.stay(Gate(width: 1), time, for: .zero, latest: Deadline(Instant(.seconds(2))))
    }
    #expect(end == nil)
  }
}
