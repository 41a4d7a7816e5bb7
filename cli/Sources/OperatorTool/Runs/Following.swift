import AWSClient
import ArgumentParser
import Groundwork
import Orchestration

/// What is done where a wave waits for an approval.
struct ApprovalOptions: ParsableArguments, Sendable {
  @Option(
    help:
      "A wave that waits for an approval: ask here, approve it, or reject it (default: ask where stdin is a terminal, else wait)."
  )
  var approve: Answer?

  @Flag(help: "End with status 4 where a wave waits for an approval.")
  var noWait = false

  enum Answer: String, ExpressibleByArgument, CaseIterable, Sendable { case ask, yes, no }

  func validate() throws {
    if noWait, approve != nil { throw ValidationError("--no-wait and --approve say two different things") }
  }
}

/// Follows an execution to its end: as a picture on a terminal, as lines elsewhere.
struct Follower {
  /// Between two drawings: two a second.
  private static let tick = Duration.milliseconds(500)

  private let tool: Tool
  private let arn: String
  private let approvals: ApprovalOptions
  /// Drawings from one question to the next.
  private let patience: Int
  private var facts = RunFacts()
  private var view: LiveView
  private var answered: Set<String> = []
  private var trouble: String?

  init(_ tool: Tool, _ arn: String, _ approvals: ApprovalOptions) {
    self.tool = tool
    self.arn = arn
    self.approvals = approvals
    patience = tool.global.endpoint == "local" ? 1 : 4
    view = LiveView(tool.screen.console)
  }

  private var name: String { arn.split(separator: ":").last.map(String.init) ?? arn }

  /// - Throws: ``ToolError``; the execution goes on, which the words say.
  mutating func run() async throws(ToolError) -> Outcome {
    do throws(ToolError) {
      return try await followed()
    } catch {
      view.leave()
      if Task.isCancelled { return leftRunning() }
      var error = error
      error.message += "; the execution goes on: \(tool.global.verbs("watch \(name.prefix(8))"))"
      throw error
    }
  }

  private func leftRunning() -> Outcome {
    tool.screen.console.complain(
      "\nsdwan: the execution goes on: \(tool.global.verbs("watch \(name.prefix(8))"))")
    return .interrupted
  }

  private mutating func followed() async throws(ToolError) -> Outcome {
    let latest = tool.global.timeout.map { Deadline(tool.clock.now() + .seconds($0)) } ?? .never
    while true {
      if let execution = try await look() {
        guard execution.status == .running || execution.status == .pendingRedrive else {
          view.clear()
          return try await tool.ended(RunResults(execution, facts))
        }
        if let outcome = try await answer(execution) { return outcome }
        for _ in 0..<patience {
          draw(execution)
          do { try await tool.clock.sleep(Self.tick) } catch { return leftRunning() }
        }
      } else {
        do { try await tool.clock.sleep(Self.tick * patience) } catch { return leftRunning() }
      }
      if latest.hasCome(at: tool.clock.now()) {
        view.leave()
        tool.screen.console.complain(
          "sdwan: gave up waiting (--timeout); the execution goes on: \(tool.global.verbs("watch \(name.prefix(8))"))"
        )
        return .timedOut
      }
    }
  }

  /// How it stands; nil where nobody could be asked just now, which says nothing of the execution.
  private mutating func look() async throws(ToolError) -> Execution? {
    do throws(FailedCall) {
      let execution = try await tool.machines.describe(execution: arn)
      try await advance(execution)
      trouble = nil
      return execution
    } catch {
      guard error.error.isPassing else { throw ToolError(error) }
      trouble = "\(error.error)".oneLine(limit: 200)
      if !tool.screen.isLive { tool.screen.console.complain("sdwan: \(trouble ?? ""); asked again") }
      return nil
    }
  }

  private mutating func advance(_ execution: Execution) async throws(FailedCall) {
    var events: [HistoryEvent] = []
    let known = facts.last
    try await tool.machines.history(of: arn, isNewestFirst: true) { page in
      events += page.filter { $0.id > known }
      return page.last.map { $0.id > known } ?? false
    }
    let lines = RunLines(execution: execution, network: tool.global.name, verbs: tool.global.verbs)
    for event in events.sorted(by: { $0.id < $1.id }) {
      for happening in facts.take(event) { say(happening, lines, event.time) }
    }
  }

  private func say(_ happening: Happening, _ lines: RunLines, _ time: UnixTime) {
    if tool.screen.isJSON {
      tool.screen.say(json: lines.line(happening, at: time))
    } else if !tool.screen.isLive, !tool.screen.isQuiet {
      lines.text(happening, at: time).map(tool.screen.say)
    }
  }

  private mutating func draw(_ execution: Execution) {
    guard tool.screen.isLive else { return }
    view.draw(
      RunFrame(execution: execution, facts: facts, place: tool.place, screen: tool.screen, trouble: trouble)
        .lines)
  }

  /// - Returns: how to end, where there is no point in waiting.
  private mutating func answer(_ execution: Execution) async throws(ToolError) -> Outcome? {
    guard let pending = facts.approval, answered.insert(pending.token).inserted else { return nil }
    if approvals.noWait {
      view.clear()
      tool.screen.console.complain(
        "sdwan: wave \(pending.wave) waits for an approval: \(tool.global.verbs("approve \(pending.wave)")), or \(tool.global.verbs("reject \(pending.wave)"))"
      )
      return .waits
    }
    let items = pending.items.map { " (\($0))" } ?? ""
    switch approvals.approve ?? (tool.screen.console.ask == nil ? nil : .ask) {
    case .yes: try await answer(pending, isApproved: true, "approved with --approve yes")
    case .no: try await answer(pending, isApproved: false, "rejected with --approve no")
    case .ask:
      draw(execution)
      view.leave()
      guard let ask = tool.screen.console.ask else {
        throw .use("stdin is no terminal, so nobody can be asked: give --approve yes, no, or nothing to wait")
      }
      let words = ask(
        "wave \(pending.wave)\(items) waits: approve it, reject it, or leave it waiting? [y/n/L] ")
      if words?.lowercased().hasPrefix("y") == true {
        try await answer(pending, isApproved: true, "approved in \(tool.global.verbs("watch"))")
      } else if words?.lowercased().hasPrefix("n") == true {
        try await answer(pending, isApproved: false, "rejected in \(tool.global.verbs("watch"))")
      }
    case nil: break
    }
    return nil
  }

  private func answer(_ pending: PendingApproval, isApproved: Bool, _ reason: String) async throws(ToolError)
  {
    try await tool.answer(pending, isApproved: isApproved, reason)
    if !tool.screen.isJSON, !tool.screen.isLive { tool.tell(pending, isApproved: isApproved) }
  }
}

extension Tool {
  var place: StatusPage.Place {
    .init(
      network: global.name, region: region.name, now: clock.wall(), isVerbose: global.verbose,
      verbs: global.verbs)
  }

  func described(_ arn: String) async throws(ToolError) -> Execution {
    try await asked { () throws(FailedCall) in try await machines.describe(execution: arn) }
  }

  /// The routers' verdicts as a page.
  /// - Throws: ``ToolError`` for a router that there is no verdict on.
  func page(
    _ execution: Execution?, _ results: [PhaseResult], only routers: [String] = []
  ) throws(ToolError) -> StatusPage {
    try StatusPage(execution, results, at: place, on: screen, only: routers)
  }

  /// Follows an execution to its end.
  func follow(_ arn: String, _ approvals: ApprovalOptions = .init()) async throws(ToolError) -> Outcome {
    var follower = Follower(self, arn, approvals)
    return try await follower.run()
  }

  /// What came of an execution: its routers' verdicts, or its waves, or what it says itself.
  func ended(_ run: RunResults) async throws(ToolError) -> Outcome {
    let run = try await whole(run)
    var verdicts = Verdicts()
    verdicts.take(run)
    let page = try StatusPage(run, verdicts, unverified: 0, at: place, on: screen)
    if !verdicts.known.isEmpty || screen.isJSON || !run.isOfRouters { return page.show() }
    if !screen.isQuiet { page.lines.forEach(screen.say) }
    let execution = run.execution
    // A rollout's cause is its output, which the waves' table has shown.
    let cause = run.output == nil ? execution.cause.map { ": \($0.oneLine(limit: 1000))" } ?? "" : ""
    let way = run.output?.startAt.map { ".  Go on with \($0): \(global.verbs("resume"))" } ?? ""
    let lines = screen.wrapped(
      "\(execution.name.prefix(8)) \(execution.status.rawValue)\(execution.error.map { ", \($0)" } ?? "")\(cause)\(way)",
      indent: 0)
    lines.forEach(screen.say)
    return page.outcome
  }
}
