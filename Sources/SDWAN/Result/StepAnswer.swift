/// What `start` and `check` answer while routers are at work.
struct StepAnswer: Encodable {
  var phase: Phase
  let isDone = false
  /// Seconds to wait before the next `check`.
  var waitSeconds: Int
  var successCount: Int
  var failCount: Int
  var pendingCount: Int
  /// For the next `check`, unread.
  var state: Progress

  enum CodingKeys: String, CodingKey {
    case phase, state
    case isDone = "done"
    case waitSeconds = "wait_seconds"
    case successCount = "success_count"
    case failCount = "fail_count"
    case pendingCount = "pending_count"
  }

  init(phase: Phase, _ progress: Progress) {
    self.phase = phase
    waitSeconds = progress.wait
    pendingCount = progress.pending
    successCount = progress.succeeded
    failCount = progress.routers.count - pendingCount - successCount
    state = progress
  }
}

/// What `cancel` answers.
struct CancelAnswer: Encodable {
  var phase: Phase
  /// Ids of the commands that were asked to stop.
  var cancelled: [String]
  var count: Int

  init(phase: Phase, cancelled: [String]) {
    self.phase = phase
    self.cancelled = cancelled
    count = cancelled.count
  }

  enum CodingKeys: String, CodingKey {
    case phase, cancelled
    case count = "cancelled_count"
  }
}
