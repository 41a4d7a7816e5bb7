import AWSClient
import Synchronization

/// How many calls are under way at once, region by region: one region that is slow holds no other up.
final class RunCommandGates: Sendable {
  /// Scripts are large, and the client has no more places.
  private static let sendingAtOnce = 64
  /// A page of the history is the largest answer there is.
  private static let pagesAtOnce = 4

  private struct State {
    var sending: [Region: Gate] = [:]
    var history: [Region: Gate] = [:]
  }

  private let state = Mutex(State())

  /// Commands that are sent, looked at or cancelled.
  func sending(in region: Region) -> Gate {
    gate(\.sending, region, width: Self.sendingAtOnce)
  }

  /// Pages of the history.
  func history(in region: Region) -> Gate {
    gate(\.history, region, width: Self.pagesAtOnce)
  }

  private func gate(
    _ kind: WritableKeyPath<State, [Region: Gate]> & Sendable, _ region: Region, width: Int
  ) -> Gate {
    state.withLock { state in
      if let known = state[keyPath: kind][region] { return known }
      let new = Gate(width: width)
      state[keyPath: kind][region] = new
      return new
    }
  }
}
