import Groundwork
import SSMKit

/// A target at work, with what this invocation knows of it beside its progress.
struct Item<Details: TargetDetails>: Sendable {
  let target: Target
  /// Which of the work's targets it is.
  let index: Int
  var progress: ItemProgress
  /// The command that runs, or the last one; nil where only the history knows it.
  var command: SentCommand?
  /// When that was sent, or tried to be sent, as far as this invocation knows.
  var sent: Instant?
  /// How it stands, where it was seen a moment ago.
  var standing: Standing?
  /// How the look's earlier commands have ended, the first one's end first.
  var said: [CommandResult] = []
  /// What the last look has found, should there be no other.
  var found: TargetResult<Details>?
  /// What was seen of it at its end.
  var result: TargetResult<Details>?
  /// What stood in the way the last time, in words.
  var trouble: String?
  /// What Systems Manager says of its host while that is not online.
  var offline: String?
  /// When the next look may be sent.
  var next: Instant?
  /// Why AWS took no command.
  var refusal: Refusal?

  init(_ target: Target, _ index: Int, _ progress: ItemProgress) {
    self.target = target
    self.index = index
    self.progress = progress
  }

  var hasEnded: Bool { progress.stage.hasEnded }

  /// The target is at its end.
  func ended(_ stage: ItemProgress.Stage, _ result: TargetResult<Details>) -> Self {
    var item = self
    item.progress.stage = stage
    item.result = result
    item.said = []
    item.standing = nil
    return item
  }

  /// Another command is to be sent.
  func waiting(_ look: Look, part: Int = 0, said: [CommandResult] = [], next: Instant? = nil) -> Self {
    var item = self
    (item.progress.stage, item.progress.look, item.progress.part) = (.waiting, look, part)
    (item.command, item.sent, item.standing) = (nil, nil, nil)
    (item.said, item.next, item.trouble) = (said, next, nil)
    return item
  }

  /// A command of it is there.
  func running(_ command: SentCommand, at now: Instant?) -> Self {
    var item = self
    item.progress.stage = .running
    (item.command, item.sent, item.trouble) = (command, now, nil)
    return item
  }

  /// Nothing new is known, and why.
  func troubled(_ trouble: String) -> Self {
    var item = self
    (item.trouble, item.standing) = (trouble, nil)
    return item
  }
}
