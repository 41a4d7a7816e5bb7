import Groundwork
import Orchestration

/// A rollout's waves as rows: how each ended, or where it is.
struct WavesTable: Sendable {
  /// docs/schema/status.json.
  struct Row: Encodable, Sendable, Equatable {
    var name: String
    var status: String
    /// The last step that it has come to.
    var step: String?
    var succeeded: Int?
    var failed: Int?
    var reason: String
  }

  /// Rows that are not all of the same kind, or else are shown as a count.
  private static let mostRows = 20

  let rows: [Row]
  /// Where to go on; nil where there is nothing to go on with, or nobody said.
  let startAt: String?

  /// nil where there are no waves.
  init?(_ run: RunResults) {
    startAt = run.output?.startAt
    if let output = run.output {
      rows = output.waves.map { wave in
        let last = wave.steps?.last
        return Row(
          name: wave.name, status: wave.status, step: last?.step, succeeded: last?.successCount,
          failed: last?.failCount, reason: wave.reason ?? "")
      }
    } else {
      rows = run.facts.waves.map { wave in
        let last = run.facts.stages.last { $0.wave == wave.name }
        // What an execution leaves behind that was stopped, or whose time was over.
        let isOpen = ["RUNNING", "WAITING"].contains(wave.status) && run.execution.status != .running
        return Row(
          name: wave.name, status: isOpen ? "STOPPED" : wave.status, step: last?.name,
          succeeded: last?.succeeded,
          failed: last?.failed, reason: wave.reason)
      }
    }
    if rows.isEmpty { return nil }
  }

  func lines(on screen: Screen) -> [String] {
    // One wave that is well says nothing that the routers don't.
    guard rows.count > 1 || rows.contains(where: { !["COMPLETED", "RUNNING"].contains($0.status) }) else {
      return []
    }
    let isLong = rows.count > Self.mostRows
    let shown =
      isLong
      ? rows.filter { !["COMPLETED", "PENDING"].contains($0.status) }.prefix(Self.mostRows) : rows[...]
    var table = Table("WAVE", "STATUS", "STEP", "WHY")
    for row in shown {
      table.add(
        .init(row.name), .init(row.status, Self.mood(row.status)), .init(step(row)), .init(row.reason))
    }
    let counts = Dictionary(grouping: rows, by: \.status).mapValues(\.count).sorted { $0.key < $1.key }
      .map { "\($0.value) \($0.key)" }
    return (shown.isEmpty ? [] : table.lines(on: screen))
      + (isLong ? ["\(rows.count) waves: \(counts.joined(separator: ", "))"] : [])
  }

  private func step(_ row: Row) -> String {
    guard let step = row.step else { return "-" }
    guard let succeeded = row.succeeded, let failed = row.failed, succeeded + failed > 0 else { return step }
    return "\(step) \(succeeded)/\(succeeded + failed)"
  }

  static func mood(_ status: String) -> Screen.Mood? {
    switch status {
    case "COMPLETED": .good
    case "FAILED", "CANCELLED", "STOPPED": .bad
    case "RUNNING", "WAITING": .busy
    default: .dim
    }
  }
}
