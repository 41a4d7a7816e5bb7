/// What `start` and `check` answer while targets are at work.
struct StepAnswer: Encodable {
  private let title: FunctionTitle
  private let progress: Progress

  init(_ title: FunctionTitle, _ progress: Progress) {
    self.title = title
    self.progress = progress
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    try fields.encode(false, forKey: "done")
    // Seconds to wait before the next `check`.
    try fields.encode(progress.wait, forKey: "wait_seconds")
    try fields.encode(progress.succeeded, forKey: "success_count")
    try fields.encode(
      progress.targets.count - progress.pending - progress.succeeded, forKey: "fail_count")
    try fields.encode(progress.pending, forKey: "pending_count")
    // For the next `check`, unread.
    try fields.encode(progress, forKey: "state")
  }
}

/// What `cancel` answers.
struct CancelAnswer: Encodable {
  private let title: FunctionTitle
  /// Ids of the commands that were asked to stop.
  private let cancelled: [String]

  init(_ title: FunctionTitle, cancelled: [String]) {
    self.title = title
    self.cancelled = cancelled
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    try fields.encode(cancelled, forKey: "cancelled")
    try fields.encode(cancelled.count, forKey: "cancelled_count")
  }
}
