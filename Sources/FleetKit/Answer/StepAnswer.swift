/// What `start` and `check` answer while targets are at work.
struct StepAnswer: Encodable {
  private let title: FunctionTitle
  private let progress: Progress
  private let targets: [Target]

  /// - Parameter targets: in the progress's order.
  init(_ title: FunctionTitle, _ progress: Progress, of targets: [Target]) {
    self.title = title
    self.progress = progress
    self.targets = targets
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    try fields.encode(false, forKey: "done")
    // Seconds to wait before the next `check`.
    try fields.encode(progress.wait, forKey: "wait_seconds")
    try fields.encode(Counts(progress, of: targets), forKey: "progress")
    // For the next `check`, unread.
    try fields.encode(progress, forKey: "state")
  }
}

/// How many targets are where, and which are waited for.
private struct Counts: Encodable {
  /// Names that are told.
  private static let mostNames = 20

  /// Nothing was sent yet.
  let waiting: Int
  let running: Int
  let succeeded: Int
  let failed: Int
  /// The first of those that have not ended, those at work before those that wait.
  let pending: [String]

  private enum CodingKeys: String, CodingKey {
    case waiting = "waiting_count"
    case running = "running_count"
    case succeeded = "success_count"
    case failed = "fail_count"
    case pending
  }

  init(_ progress: Progress, of targets: [Target]) {
    running = progress.items.count { $0.isAtWork }
    waiting = progress.pending - running
    // What nobody had to be asked for is no failure that is known of.
    succeeded = progress.items.count { [.succeeded, .unasked].contains($0.stage) }
    failed = progress.items.count - progress.pending - succeeded
    let left = zip(targets, progress.items).filter { !$1.stage.hasEnded }
    let ordered = left.filter { $1.isAtWork } + left.filter { !$1.isAtWork }
    pending = ordered.prefix(Self.mostNames).map(\.0.name)
  }
}

/// What `cancel` answers.
struct CancelAnswer: Encodable {
  private let title: FunctionTitle
  private let stopped: Cancellation.Stopped

  init(_ title: FunctionTitle, _ stopped: Cancellation.Stopped) {
    self.title = title
    self.stopped = stopped
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    // Ids of the commands that were stopped.
    try fields.encode(stopped.cancelled.sorted(), forKey: "cancelled")
    try fields.encode(stopped.cancelled.count, forKey: "cancelled_count")
    // Of those that were asked to stop, and that nobody has seen end.
    try fields.encode(stopped.asked.sorted(), forKey: "asked")
    try fields.encode(stopped.asked.count, forKey: "asked_count")
  }
}
