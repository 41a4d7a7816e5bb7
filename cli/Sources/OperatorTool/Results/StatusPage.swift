import Groundwork
import Orchestration

/// Routers with their verdicts, the failed ones first, and the verdict on all in the last line.
struct StatusPage {
  /// Rows that a person reads; of more only the failed ones are shown, and the others as a count.
  private static let mostRows = 50

  private let execution: Execution?
  private let waves: WavesTable?
  private let pending: PendingApproval?
  private let health: [RouterHealth]
  private let failCount: Int
  private let all: Int
  /// Routers of the network that nobody has ever verified.
  private let unverified: Int
  /// Whether the machine is about routers; another fleet's has other steps.
  private let isOfRouters: Bool
  /// Whether every router is in it: then each tunnel is counted at both its ends.
  private let isWhole: Bool
  private let place: Place
  private let screen: Screen

  /// Which deployment it is about, and when.
  struct Place: Sendable {
    var network: String
    var region: String
    var now: UnixTime
    /// Whether every row is wanted.
    var isVerbose: Bool
    /// How commands for it are typed.
    var verbs: Verbs

    init(network: String, region: String, now: UnixTime, isVerbose: Bool = false, verbs: Verbs? = nil) {
      self.network = network
      self.region = region
      self.now = now
      self.isVerbose = isVerbose
      self.verbs = verbs ?? Verbs(of: network)
    }
  }

  /// What one phase 3, or each of a rollout's, has found.
  /// - Throws: ``ToolError`` for a router that there is no verdict on.
  init(
    _ execution: Execution?, _ results: [PhaseResult], at place: Place, on screen: Screen,
    only routers: [String] = []
  ) throws(ToolError) {
    let found = results.flatMap { $0.results.map { RouterHealth($0.key, $0.value) } }
    try self.init(
      execution, found, failed: results.reduce(0) { $0 + $1.failCount },
      all: results.reduce(0) { $0 + $1.failCount + $1.successCount }, at: place, on: screen, only: routers)
  }

  /// The newest verdict on every router.
  /// - Throws: ``ToolError`` for a router that there is no verdict on.
  init(
    _ newest: RunResults, _ verdicts: Verdicts, unverified: Int, at place: Place, on screen: Screen,
    only routers: [String] = []
  ) throws(ToolError) {
    let health = verdicts.health
    try self.init(
      newest.execution, health, failed: health.count { !$0.isHealthy }, all: health.count + verdicts.unnamed,
      unverified: unverified, isOfRouters: newest.isOfRouters || !health.isEmpty,
      waves: WavesTable(newest), pending: newest.facts.approval, at: place, on: screen, only: routers)
  }

  private init(
    _ execution: Execution?, _ found: [RouterHealth], failed: Int, all: Int, unverified: Int = 0,
    isOfRouters: Bool = true, waves: WavesTable? = nil, pending: PendingApproval? = nil, at place: Place,
    on screen: Screen,
    only routers: [String]
  ) throws(ToolError) {
    let names = Set(found.map(\.router))
    if let wrong = routers.first(where: { !names.contains($0) }), !names.isEmpty {
      let near = Words.near(wrong, among: names).map { "; did you mean \($0)?" } ?? ""
      throw .use("there is no verdict on a router \(wrong)\(near)")
    }
    self.execution = execution
    self.waves = waves
    self.isOfRouters = isOfRouters
    self.pending = execution?.status == .running ? pending : nil
    self.place = place
    self.screen = screen
    isWhole = routers.isEmpty
    let shown = found.filter { routers.isEmpty || routers.contains($0.router) }
    health = shown.sorted(by: RouterHealth.isBefore)
    failCount = isWhole ? failed : shown.count { !$0.isHealthy }
    self.all = isWhole ? all : shown.count
    self.unverified = isWhole ? unverified : 0
  }

  func show() -> Outcome {
    if screen.isJSON {
      screen.say(json: page)
    } else {
      if !screen.isQuiet { lines.forEach(screen.say) }
      screen.say(verdict)
    }
    return outcome
  }

  var outcome: Outcome {
    failCount > 0 || execution.map { [.failed, .timedOut, .aborted].contains($0.status) } ?? false
      ? .unwell : .asWanted
  }

  // MARK: JSON

  var page: Page {
    Page(
      network: place.network, execution: execution.map(Run.init), waves: waves?.rows,
      startAt: waves?.startAt, waitsFor: pending?.wave, routers: health, healthy: all - failCount,
      total: all, unverified: unverified)
  }

  /// docs/schema/status.json.
  struct Page: Encodable {
    var network: String
    var execution: Run?
    var waves: [WavesTable.Row]?
    var startAt: String?
    var waitsFor: String?
    var routers: [RouterHealth]
    var healthy: Int
    var total: Int
    var unverified: Int
  }

  struct Run: Encodable {
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

  // MARK: Text

  /// All but the verdict.
  var lines: [String] { head + (waves?.lines(on: screen) ?? []) + table }

  private var head: [String] {
    guard let execution else { return [] }
    let mood: Screen.Mood =
      execution.status == .succeeded ? .good : execution.status == .running ? .busy : .bad
    let status = screen.colored(execution.status.rawValue, mood)
    let age = Words.ago(place.now - (execution.stopped ?? execution.started))
    return ["\(place.network)  \(place.region)   last run \(execution.name.prefix(8)) \(status), \(age)"]
  }

  private var table: [String] {
    guard !health.isEmpty else { return [] }
    let isLong = health.count > Self.mostRows && !place.isVerbose
    let shown = isLong ? Array(health.filter { !$0.isHealthy }.prefix(Self.mostRows)) : health
    var table = Table("ROUTER", "TUNNELS", "BGP", "IFACE", "LOSS", "CHECKED", "STATE")
    for router in shown {
      table.add(
        .init(router.router), .init(router.tunnels?.text ?? "-", isRight: true),
        .init(router.sessions?.text ?? "-", isRight: true), .init(router.interfaces ?? "-"),
        .init(router.loss.map { "\(Int($0.rounded())) %" } ?? "-", isRight: true),
        .init(router.checked.map { Words.span(place.now - $0) } ?? "-", isRight: true), state(router))
    }
    let failed = health.count { !$0.isHealthy }
    let more = [
      failed > shown.count ? "\(failed - shown.count) more have failed" : nil,
      "\(health.count - failed) are healthy", "-v shows them",
    ]
    return (shown.isEmpty ? [] : table.lines(on: screen))
      + (isLong ? ["… \(more.compactMap(\.self).joined(separator: ", "))"] : [])
  }

  private func state(_ router: RouterHealth) -> Table.Cell {
    if router.isHealthy { return .init("ok", .good) }
    if let trouble = router.trouble { return .init("FAILED in \(router.phase)  \(trouble)", .bad) }
    if let other = router.causedBy { return .init("failed  because of \(other)", .bad) }
    return .init("FAILED  \(router.cause ?? "")", .bad)
  }

  /// The last line.
  var verdict: String {
    if let pending {
      let span = Words.span(place.now - pending.since)
      return
        "Wave \(pending.wave) has waited for an approval for \(span): \(place.verbs("approve \(pending.wave)"))"
    }
    guard isOfRouters else {
      let way = waves?.startAt.map { "  Go on with \($0): \(place.verbs("resume"))" } ?? ""
      return "\(execution.map { "\($0.name.prefix(8)) \($0.status.rawValue)" } ?? "nothing").\(way)"
    }
    guard all > 0 else {
      return execution?.status == .running
        ? "Phase 3 has not been reached; \(place.verbs("watch")) follows the execution"
        : "Nothing was verified: phase 3 was not reached; \(place.verbs.shared("show")) says why"
    }
    var words = "\(all - failCount) of \(all) routers healthy"
    if isWhole, health.count(where: { $0.tunnels != nil }) == all {
      let tunnels = RouterHealth.tunnels(health)
      words += ", \(tunnels.up) of \(tunnels.all) tunnels up"
    }
    if unverified > 0 { words += ", \(unverified) never verified" }
    let first = health.first { !$0.isHealthy && $0.causedBy == nil } ?? health.first { !$0.isHealthy }
    if let first { return words + ".  Why: \(place.verbs.shared("why \(first.router)"))" }
    return words + "." + (waves?.startAt.map { "  Go on with \($0): \(place.verbs("resume"))" } ?? "")
  }
}
