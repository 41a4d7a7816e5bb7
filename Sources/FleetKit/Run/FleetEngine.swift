import AWSClient
import Groundwork
import SSMKit

/// Moves a fleet's work on, one step after another: looks how its commands stand, concludes what their ends mean, stops
/// what takes too long, and sends what is to be sent next.
///
/// What AWS did not answer is unknown, and unknown is not failed: it leaves a target as it was until its time is over.
struct FleetEngine<Work: FleetWork>: Sendable {
  typealias Result = TargetResult<Work.Details>
  typealias Item = FleetKit.Item<Work.Details>

  let work: Work
  /// In the order of their names.
  let targets: [Target]
  let event: FleetEvent
  let services: FleetServices
  let time: WorkTime
  /// Before this nothing was sent for the work.
  let since: UnixTime
  /// What stood in an earlier step's way when it was to send something, in words.
  let trouble: String?
  /// When there is no point in an answer any more.
  let latest: Deadline
  /// Leaves a target's result in the log.
  let log: @Sendable (String, Result) -> Void

  var clock: Clock { services.clock }
  var share: OutputShare { OutputShare(targets: targets.count) }

  /// A work's targets in the order that a step's state counts on.
  static func ordered(_ targets: [Target]) -> [Target] { targets.sorted { $0.name < $1.name } }

  /// One step of all targets.
  /// - Parameter mayBeSent: whether an earlier attempt may have sent what comes next.
  /// - Returns: the targets, and what the history was found to have.
  func step(_ items: [Item], mayBeSent: Bool = false) async -> (items: [Item], findings: Findings) {
    let (seen, findings) = await looked(items)
    let known = await stopped(seen)
    return (await sent(mayBeSent ? await adopted(known) : known), findings)
  }

  // MARK: Words

  /// What tells a command's purpose in the execution, whatever is sent to whom.
  func purpose(_ look: Look, _ part: Int) -> [String] {
    [event.run?.wave ?? "", event.run?.step ?? "", work.kind, String(look.number), String(part)]
  }

  func conclude(_ said: [CommandResult], _ item: Item) -> Result {
    (try? work.conclude(said, of: item.target, item.progress.look).result)
      ?? Result(said.first ?? CommandResult(.failed, stderr: "nothing was sent"))
  }

  /// The end of a target for which nothing can be done.
  func blocked(_ item: Item, _ obstacle: Obstacle) -> Item {
    noted(
      item.ended(
        .blocked, .failed(obstacle.reason, details: work.details(of: item.target, without: obstacle.reason))))
  }

  /// A target that has just come to its end.
  func noted(_ item: Item) -> Item {
    guard let result = item.result else { return item }
    log(item.target.name, result)
    var item = item
    item.result = share.applied(to: result)
    return item
  }
}
