import Groundwork
import Synchronization

/// Lets a number of tasks in at once; the others wait in the order in which they came.
final class Gate: Sendable {
  private struct State {
    var free: Int
    /// In the order in which they came; those before `next` have gone in.
    var waiting: [UnsafeContinuation<Void, Never>] = []
    var next = 0
  }

  private let state: Mutex<State>

  /// - Parameter width: tasks inside at once.
  init(width: Int) { state = Mutex(State(free: width)) }

  /// Runs `body` as soon as there is room.
  func pass<Value: Sendable, Failure: Error>(
    _ body: @Sendable () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async {
    await withUnsafeContinuation { continuation in
      let isIn = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isIn { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard state.next < state.waiting.count else {
        state.free += 1
        state.waiting = []
        state.next = 0
        return nil
      }
      defer { state.next += 1 }
      return state.waiting[state.next]
    }
    next?.resume()
  }
}
