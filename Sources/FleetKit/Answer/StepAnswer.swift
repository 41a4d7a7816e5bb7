/// What `start` and `check` answer while targets are at work.
struct StepAnswer<State: Encodable>: Encodable {
  private let title: FunctionTitle
  private let wait: Int
  private let counts: Counts
  private let state: State

  /// - Parameters:
  ///   - wait: seconds before the next `check`.
  ///   - state: for the next `check`.
  init(_ title: FunctionTitle, wait: Int, _ counts: Counts, _ state: State) {
    self.title = title
    self.wait = wait
    self.counts = counts
    self.state = state
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    try fields.encode(false, forKey: "done")
    try fields.encode(wait, forKey: "wait_seconds")
    try fields.encode(counts, forKey: "progress")
    // Nobody between reads it.
    try fields.encode(state, forKey: "state")
  }
}

extension StepAnswer<Progress> {
  /// - Parameter targets: in the progress's order.
  init(_ title: FunctionTitle, _ progress: Progress, of targets: [Target]) {
    self.init(title, wait: progress.wait, Counts(progress, of: targets), progress)
  }
}

/// How many targets are where, and which are waited for.
struct Counts: Encodable {
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

  /// - Parameters:
  ///   - pending: the names of those that have not ended, those at work first.
  ///   - running: how many of them are at work.
  init(pending names: [String], running: Int, succeeded: Int, failed: Int) {
    self.running = running
    self.succeeded = succeeded
    self.failed = failed
    waiting = names.count - running
    pending = Array(names.prefix(Self.mostNames))
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
  private let stopped: Stopped

  init(_ title: FunctionTitle, _ stopped: Stopped) {
    self.title = title
    self.stopped = stopped
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    // Ids of what was stopped: commands, or what a function has started elsewhere.
    try fields.encode(stopped.cancelled.sorted(), forKey: "cancelled")
    try fields.encode(stopped.cancelled.count, forKey: "cancelled_count")
    // Of those that were asked to stop, and that nobody has seen end.
    try fields.encode(stopped.asked.sorted(), forKey: "asked")
    try fields.encode(stopped.asked.count, forKey: "asked_count")
  }
}
