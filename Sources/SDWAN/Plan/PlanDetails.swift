import FleetKit
import SSMKit

/// What a plan knows of a router.
struct PlanDetails: TargetDetails {
  /// What would change.
  var diff: [String]?
  /// Plan of phase 2: somebody else's settings beside ours, which stay. Only where there are some.
  var foreign: [String]?
  /// Plan of phase 1: what would be done to the router itself.
  var container: PlannedChanges.Container?

  init() {}

  init(_ changes: PlannedChanges) {
    diff = changes.lines
    foreign = changes.foreign.isEmpty ? nil : changes.foreign
    container = changes.container
  }

  static let shortenings: [@Sendable (inout PlanDetails) -> Void] = [
    { $0.cut(to: 20, of: 200) }, { $0.cut(to: 5, of: 60) }, { $0.cut(to: 0, of: 0) },
  ]

  /// Keeps the first lines, and the beginnings of long ones.
  private mutating func cut(to most: Int, of length: Int) {
    diff = diff.map { Self.beginning($0, most, length) }
    foreign = foreign.map { Self.beginning($0, most, length) }
  }

  private static let mark = "… "

  private static func beginning(_ lines: [String], _ most: Int, _ length: Int) -> [String] {
    // What is said of lines that were cut before is no line.
    let before = lines.last.flatMap {
      $0.hasPrefix(mark) ? Int($0.dropFirst(mark.count).prefix { $0 != " " }) : nil
    }
    let all = before == nil ? lines[...] : lines.dropLast()
    let more = all.count - min(all.count, most) + (before ?? 0)
    return all.prefix(most).map { $0.oneLine(limit: length) } + (more > 0 ? ["\(mark)\(more) more"] : [])
  }
}

/// A work that tells what another one would do, and changes nothing.
protocol PlanWork: FleetWork where Details == PlanDetails {
  /// What would be sent.
  func script(for target: Target) throws(Obstacle) -> String

  /// What would change.
  /// - Parameter outputs: what the questions' commands have printed.
  func changes(on target: Target, _ outputs: [String]) throws(Unreadable) -> PlannedChanges
}

extension PlanWork {
  func conclude(
    _ said: [CommandResult], of target: Target, _ look: Look
  ) throws(Obstacle) -> Conclusion<PlanDetails> {
    if let failed = said.first(where: { $0.status != .success }) { return Conclusion(TargetResult(failed)) }
    let script = try script(for: target)
    do throws(Unreadable) {
      let changes = try changes(on: target, said.map(\.plainOutput))
      let result = CommandResult(
        .success, commandID: said.last?.commandID ?? "",
        instanceID: (try? target.place().instanceID.text) ?? "", stdout: script)
      return Conclusion(TargetResult(result, details: PlanDetails(changes)))
    } catch {
      var result = said.last ?? CommandResult(.failed)
      result.stdout = result.plainOutput
      result.status = .failed
      result.add(reason: "what would change is not known: \(error.sentence)")
      return Conclusion(TargetResult(result))
    }
  }

  func remark(on results: [String: TargetResult<PlanDetails>]) -> String { PlanSummary(results).text }
}

extension CommandResult {
  /// What it printed, unpacked where it was packed.
  var plainOutput: String { PackedOutput.plain(stdout, limit: PackedOutput.largest) }
}
