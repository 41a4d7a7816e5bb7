// For tests only: no bootstrap has this module, so its size does not matter.
import Foundation
import Groundwork
import Synchronization

/// Runs a task and its children on one thread of their own, with a clock that jumps to the next sleeper's moment as soon as
/// nobody has anything else to do: hours take no time, sleepers wake in their order, and every run is like the one before.
///
/// A task without a parent (`Task { … }`) is not part of it, and neither is what waits for the machine's own clock.
public final class SimulatedTime: TaskExecutor {
  private struct Sleeper {
    var id: Int
    var due: Duration
    var continuation: UnsafeContinuation<Bool, Never>
  }

  private struct State {
    var now = Duration.zero
    var jobs: [UnownedJob] = []
    /// The one that is due last comes first.
    var sleepers: [Sleeper] = []
    var nextID = 0
    var isOver = false

    /// The one that is due next; of several the one that came first.
    mutating func wakeNext() -> Sleeper? {
      guard let next = sleepers.popLast() else { return nil }
      now = max(now, next.due)
      return next
    }

    mutating func add(_ sleeper: Sleeper) {
      let place = sleepers.lastIndex { $0.due > sleeper.due }.map { $0 + 1 } ?? 0
      sleepers.insert(sleeper, at: place)
    }

    mutating func remove(_ id: Int) -> Sleeper? {
      sleepers.firstIndex { $0.id == id }.map { sleepers.remove(at: $0) }
    }
  }

  private let state = Mutex(State())

  private init() {}

  /// Runs `body` to its end; whatever it starts has to end with it.
  /// - Parameter body: gets the time, whose ``clock`` shows 2026-01-31T12:00:00Z at its beginning.
  public static func run<Value: Sendable>(
    _ body: @escaping @Sendable (SimulatedTime) async -> Value
  ) async -> Value {
    let time = SimulatedTime()
    let thread = Thread { time.turn() }
    thread.stackSize = 8 << 20
    thread.start()
    let task = Task(executorPreference: time) {
      let value = await body(time)
      time.state.withLock { $0.isOver = true }
      return value
    }
    return await task.value
  }

  /// Since the beginning.
  public var elapsed: Duration { state.withLock { $0.now } }

  /// Tells the time and waits.
  public var clock: Clock {
    Clock(
      wall: { VirtualClock.start + self.elapsed }, now: { Instant(self.elapsed) },
      sleep: { (time: Duration) async throws(CancellationError) in try await self.sleep(time) })
  }

  /// Queues a job; may be called from any thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
  }

  private func turn() {
    while true {
      let (jobs, isOver) = state.withLock { state in
        defer { state.jobs = [] }
        return (state.jobs, state.isOver)
      }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
      if !jobs.isEmpty { continue }
      if isOver { return }
      if let next = state.withLock({ $0.wakeNext() }) {
        next.continuation.resume(returning: true)
      } else {
        // The first job, or one that comes from another thread.
        Thread.sleep(forTimeInterval: 0.001)
      }
    }
  }

  private func sleep(_ time: Duration) async throws(CancellationError) {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    let woke = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isCancelled = Task.isCancelled
        state.withLock { state in
          if isCancelled { return }
          state.add(Sleeper(id: id, due: state.now + max(time, .zero), continuation: continuation))
        }
        if isCancelled { continuation.resume(returning: false) }
      }
    } onCancel: {
      state.withLock { $0.remove(id) }?.continuation.resume(returning: false)
    }
    if !woke { throw CancellationError() }
  }
}
