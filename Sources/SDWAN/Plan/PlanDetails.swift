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
    { details in
      details.diff = details.diff.map(beginning)
      details.foreign = details.foreign.map(beginning)
    }
  ]

  private static func beginning(_ lines: [String]) -> [String] {
    lines.count > 20 ? lines.prefix(20) + ["… \(lines.count - 20) more"] : lines
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
