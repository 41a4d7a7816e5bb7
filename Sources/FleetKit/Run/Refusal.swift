import Groundwork
import SSMKit

/// Why AWS took no command for a target, short enough to be carried from step to step.
struct Refusal: Sendable {
  let text: String

  /// Stands for all that a state has no place for.
  static let another = "the command was not sent: AWS refused it; the function's log says why"

  init(_ refusal: CommandRefusal) {
    let text =
      refusal.isForAnInstance
      // What is said of one instance is carried for all, so it names none.
      ? "the command was not sent: InvalidInstanceId; the instance is not online in Systems Manager (is the host running, with its agent and role?)"
      : refusal.reason
    self.text = text.oneLine(limit: Progress.longestRefusal)
  }
}

extension Progress {
  /// The number that a refusal has in ``refusals``, from 1.
  mutating func number(of refusal: Refusal) -> Int {
    if let known = refusals.firstIndex(of: refusal.text) { return known + 1 }
    guard refusals.count < Self.mostRefusals else { return Self.mostRefusals }
    refusals.append(refusals.count + 1 < Self.mostRefusals ? refusal.text : Refusal.another)
    return refusals.count
  }
}
