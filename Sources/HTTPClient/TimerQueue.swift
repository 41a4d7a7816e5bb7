import Groundwork

/// A moment of the monotonic clock and the task that waits for it.
struct Timer {
  let id: UInt64
  let due: Instant
  let continuation: CheckedContinuation<Bool, Never>

  /// Wakes the sleeper: its time has come.
  func fire() { continuation.resume(returning: true) }

  /// Wakes the sleeper: its task was cancelled.
  func cancel() { continuation.resume(returning: false) }
}

/// Timers in the order in which they are due.
struct TimerQueue {
  /// Latest first, so that the next one is taken off the end.
  private var timers: [Timer] = []

  mutating func insert(_ timer: Timer) {
    var low = 0
    var high = timers.count
    while low < high {
      let middle = (low + high) / 2
      if timers[middle].due > timer.due { low = middle + 1 } else { high = middle }
    }
    timers.insert(timer, at: low)
  }

  mutating func remove(_ id: UInt64) -> Timer? {
    guard let index = timers.firstIndex(where: { $0.id == id }) else { return nil }
    return timers.remove(at: index)
  }

  mutating func takeDue(now: Instant) -> [Timer] {
    var due: [Timer] = []
    while let next = timers.last, next.due <= now { due.append(timers.removeLast()) }
    return due
  }

  mutating func takeAll() -> [Timer] {
    defer { timers = [] }
    return timers
  }

  /// When the next timer is due.
  var next: Deadline { timers.isEmpty ? .never : Deadline(timers[timers.count - 1].due) }
}
