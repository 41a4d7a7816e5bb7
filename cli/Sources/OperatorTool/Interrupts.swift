import Dispatch
import Foundation
import Synchronization

/// Ctrl-C: what is under way is told to end; where it does not, the process ends.
enum Interrupts {
  private struct State {
    var cancel: (@Sendable () -> Void)?
    /// Somebody is being asked, who has nothing to end.
    var isAsking = false
    var wasInterrupted = false
    /// What is said where something has to come to its end; a second interruption ends it all the same.
    var held: String?
  }

  /// What is under way has this time to say goodbye.
  private static let grace = DispatchTimeInterval.seconds(3)
  private static let state = Mutex(State())
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  static var wasInterrupted: Bool { state.withLock { $0.wasInterrupted } }

  /// From now on an interruption calls this.
  /// - Returns: what has to be kept alive meanwhile.
  static func handle(_ cancel: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    state.withLock { $0.cancel = cancel }
    return signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { interrupted() }
      source.resume()
      return source
    }
  }

  /// While a question waits for its answer.
  static func ending<Value>(_ body: () -> Value) -> Value {
    state.withLock { $0.isAsking = true }
    defer { state.withLock { $0.isAsking = false } }
    return body()
  }

  /// What must not be left half done: the first interruption only says so.
  static func holding<Value>(
    _ words: String, _ body: () async throws(ToolError) -> Value
  ) async throws(ToolError) -> Value {
    state.withLock { $0.held = words }
    defer { state.withLock { $0.held = nil } }
    return try await body()
  }

  private static func interrupted() {
    let held = state.withLock { state in
      defer { state.held = nil }
      return state.held
    }
    if let held { return Terminal.complain("\nsdwan: \(held)") }
    let cancel = state.withLock { state in
      defer { state.wasInterrupted = true }
      return state.isAsking || state.wasInterrupted ? nil : state.cancel
    }
    guard let cancel else { leave() }
    cancel()
    DispatchQueue.global().asyncAfter(deadline: .now() + grace) { leave() }
  }

  private static func leave() -> Never {
    Terminal.write("\n", to: STDERR_FILENO)
    _exit(Outcome.interrupted.status)
  }
}
