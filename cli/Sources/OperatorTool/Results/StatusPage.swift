import Groundwork
import Orchestration

/// Routers with their verdicts, the failed ones first, and the verdict on all in the last line.
struct StatusPage {
  private let execution: Execution?
  private let health: [RouterHealth]
  private let failCount: Int
  private let all: Int
  /// Whether every router is in it: then each tunnel is counted at both its ends.
  private let isWhole: Bool
  private let place: Place
  private let screen: Screen

  /// Which deployment it is about, and when.
  struct Place: Sendable {
    var network: String
    var region: String
    var now: UnixTime
  }

  /// - Throws: ``ToolError`` for a router that there is no verdict on.
  init(
    _ execution: Execution?, _ results: [PhaseResult], at place: Place, on screen: Screen,
    only routers: [String] = []
  ) throws(ToolError) {
    self.execution = execution
    self.place = place
    self.screen = screen
    isWhole = routers.isEmpty
    let found = results.flatMap { $0.results.map { RouterHealth($0.key, $0.value) } }
    let names = Set(found.map(\.router))
    if let wrong = routers.first(where: { !names.contains($0) }), !names.isEmpty {
      let near = Words.near(wrong, among: names).map { "; did you mean \($0)?" } ?? ""
      throw .use("there is no verdict on a router \(wrong)\(near)")
    }
    health = found.filter { routers.isEmpty || routers.contains($0.router) }.sorted {
      ($0.isHealthy ? 1 : 0, $0.causedBy == nil ? 0 : 1, $0.router)
        < ($1.isHealthy ? 1 : 0, $1.causedBy == nil ? 0 : 1, $1.router)
    }
    failCount = routers.isEmpty ? results.reduce(0) { $0 + $1.failCount } : health.count { !$0.isHealthy }
    all = routers.isEmpty ? results.reduce(0) { $0 + $1.failCount + $1.successCount } : health.count
  }

  func show() -> Outcome {
    if screen.isJSON {
      screen.say(
        json: Page(
          network: place.network, execution: execution.map(Run.init), routers: health,
          healthy: all - failCount, total: all))
    } else {
      if !screen.isQuiet { lines.forEach(screen.say) }
      screen.say(verdict)
    }
    return failCount > 0 || execution.map { [.failed, .timedOut, .aborted].contains($0.status) } ?? false
      ? .unwell : .asWanted
  }

  private struct Page: Encodable {
    var network: String
    var execution: Run?
    var routers: [RouterHealth]
    var healthy: Int
    var total: Int
  }

  private struct Run: Encodable {
    var name: String
    var status: String
    var started: String
    var stopped: String?

    init(_ execution: Execution) {
      name = execution.name
      status = execution.status.rawValue
      started = execution.started.utc.extended
      stopped = execution.stopped?.utc.extended
    }
  }

  /// All but the verdict.
  var lines: [String] {
    var head: [String] = []
    if let execution {
      let mood: Screen.Mood =
        execution.status == .succeeded ? .good : execution.status == .running ? .busy : .bad
      let status = screen.colored(execution.status.rawValue, mood)
      let age = Words.ago(place.now - (execution.stopped ?? execution.started))
      head = ["\(place.network)  \(place.region)   last run \(execution.name.prefix(8)) \(status), \(age)"]
    }
    guard !health.isEmpty else { return head }
    var table = Table("ROUTER", "TUNNELS", "BGP", "IFACE", "LOSS", "STATE")
    for router in health {
      table.add(
        .init(router.router), .init(router.tunnels?.text ?? "-", isRight: true),
        .init(router.sessions?.text ?? "-", isRight: true), .init(router.interfaces ?? "-"),
        .init(router.loss.map { "\(Int($0.rounded())) %" } ?? "-", isRight: true), state(router))
    }
    return head + table.lines(on: screen)
  }

  private func state(_ router: RouterHealth) -> Table.Cell {
    if router.isHealthy { return .init("ok", .good) }
    if let other = router.causedBy { return .init("failed  because of \(other)", .bad) }
    return .init("FAILED  \(router.cause ?? "")", .bad)
  }

  /// The last line.
  var verdict: String {
    guard all > 0 else {
      return execution?.status == .running
        ? "phase 3 has not been reached; sdwan watch follows the execution"
        : "nothing was verified: phase 3 was not reached; sdwan show says why"
    }
    var words = "\(all - failCount) of \(all) routers healthy"
    let tunnels = health.compactMap(\.tunnels)
    if isWhole, !tunnels.isEmpty, tunnels.count == all {
      let (up, both) = tunnels.reduce((0, 0)) { ($0.0 + $1.up, $0.1 + $1.all) }
      words += ", \(up / 2) of \(both / 2) tunnels up"
    }
    let first = health.first { !$0.isHealthy && $0.causedBy == nil } ?? health.first { !$0.isHealthy }
    return words + "." + (first.map { "  Why: sdwan why \($0.router)" } ?? "")
  }
}
