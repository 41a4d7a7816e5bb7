import Groundwork
import Synchronization

/// Lets a number of tasks in at once; the others wait in the order in which they came, each until its deadline at most.
package final class Gate: Sendable {
  private struct Waiting {
    var id: Int
    var continuation: UnsafeContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var nextID = 0
    /// In the order in which they came; nil for those who have left, and for those before `first`, who have gone in.
    var waiting: [Waiting?] = []
    var first = 0

    mutating func popFirst() -> Waiting? {
      while first < waiting.count {
        defer { first += 1 }
        if let next = waiting[first] {
          waiting[first] = nil
          return next
        }
      }
      waiting.removeAll(keepingCapacity: true)
      first = 0
      return nil
    }

    mutating func remove(_ id: Int) -> Waiting? {
      guard let index = waiting[first...].firstIndex(where: { $0?.id == id }) else { return nil }
      defer { waiting[index] = nil }
      return waiting[index]
    }
  }

  private let state: Mutex<State>

  /// - Parameter width: tasks inside at once.
  package init(width: Int) { state = Mutex(State(free: width)) }

  /// Runs `body` as soon as there is room.
  /// - Parameters:
  ///   - latest: when there is no point in going in any more.
  ///   - late: what is thrown then, and where the task was cancelled while it waited.
  package func pass<Value: Sendable, Failure: Error>(
    latest: Deadline, _ clock: Clock, orThrow late: @autoclosure () -> Failure,
    _ body: @Sendable () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    guard await enter(latest, clock) else { throw late() }
    defer { leave() }
    return try await body()
  }

  private func enter(_ latest: Deadline, _ clock: Clock) async -> Bool {
    if latest.hasCome(at: clock.now()) { return false }
    let hasRoom = state.withLock { state in
      defer { if state.free > 0 { state.free -= 1 } }
      return state.free > 0
    }
    if hasRoom { return true }
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    guard let left = latest.left(at: clock.now()) else { return await wait(id) }
    return await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // Early where the task is cancelled: then there is no point in going in either.
        try? await clock.sleep(left)
        self.giveUp(id)
      }
      let isIn = await self.wait(id)
      group.cancelAll()
      return isIn
    }
  }

  /// - Returns: false where it was given up.
  private func wait(_ id: Int) async -> Bool {
    await withUnsafeContinuation { continuation in
      let isIn = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(Waiting(id: id, continuation: continuation))
          return false
        }
        state.free -= 1
        return true
      }
      if isIn { continuation.resume(returning: true) }
    }
  }

  private func giveUp(_ id: Int) {
    state.withLock { $0.remove(id) }?.continuation.resume(returning: false)
  }

  private func leave() {
    let next = state.withLock { state -> Waiting? in
      let next = state.popFirst()
      if next == nil { state.free += 1 }
      return next
    }
    next?.continuation.resume(returning: true)
  }
}
