import Foundation
import Groundwork
import Orchestration
import SDWAN

/// What a report tells, wherever it comes from.
struct ReportContent: Sendable {
  /// The deployment's name.
  var network: String
  /// The execution's name; nil where it is not known.
  var name: String?
  /// `SUCCEEDED`, `FAILED`, …
  var status: String
  var error: String?
  var cause: String?
  var started: UnixTime?
  var stopped: UnixTime?
  /// Every phase's answer, in a rollout each wave's.
  var answers: [(wave: String?, result: PhaseResult)]
  var topology: Topology?
  /// In the order in which they began.
  var stages: [Stage] = []
  var footprint: RunFootprint?

  /// The last look at each router.
  var verified: [String: RouterResult] {
    Dictionary(phase("phase3").flatMap(\.results)) { first, _ in first }
  }

  func phase(_ name: String) -> [PhaseResult] { answers.map(\.result).filter { $0.phase == name } }

  var picture: NetworkPicture? {
    let seen = verified
    guard let topology else { return seen.isEmpty ? nil : NetworkPicture(seen: seen) }
    // Of a large network's routers only those are told that are not healthy, and how many were left out.
    let left = phase("phase3").reduce(0) { $0 + ($1.omittedCount ?? 0) }
    let isComplete = left > 0 && left + seen.count == topology.routers.count
    return NetworkPicture(topology, seen: seen, healthyOthers: isComplete)
  }

  /// In one line.
  var verdict: String {
    let results = phase("phase3")
    let (good, bad) = results.reduce((0, 0)) { ($0.0 + $1.successCount, $0.1 + $1.failCount) }
    let isPlan = !verified.isEmpty && !verified.values.contains(where: NetworkSight.hasLooked)
    guard good + bad > 0, !isPlan else {
      return isPlan
        ? "Nothing was verified: this was a plan." : "Nothing was verified: phase 3 was not reached."
    }
    var words = "\(good) of \(good + bad) routers healthy"
    if let tunnels = picture?.tunnelsUp, !tunnels.isEmpty { words += ", \(tunnels)" }
    return words + "."
  }

  /// A file that the local run's `--report` has written.
  /// - Throws: ``ToolError`` where it is none.
  init(file: [UInt8], named name: String, network: String) throws(ToolError) {
    guard let fields = JSONText.read([String: RawJSON].self, file) else {
      throw .use("\(name) is no report: scripts/run-local --report FILE writes one")
    }
    self.network = network
    answers = Self.answers(in: fields, wave: nil)
    if case .list(let waves) = fields["waves"] {
      for case .object(let wave) in waves { answers += Self.answers(in: wave, wave: wave["name"]?.text) }
    }
    guard !answers.isEmpty || fields["status"] != nil else {
      throw .use("\(name) has no phase's result: is it a report of scripts/run-local?")
    }
    // The output of an execution that has succeeded says nothing of it.
    status = fields["error"] == nil ? "SUCCEEDED" : fields["status"]?.text ?? "FAILED"
    error = fields["error"]?.text
    cause = fields["cause"]?.text
  }

  private static func answers(
    in fields: [String: RawJSON], wave: String?
  ) -> [(wave: String?, result: PhaseResult)] {
    ["phase1", "phase2", "phase3"].compactMap { phase in
      guard let value = fields["\(phase)_result"], let bytes = try? JSONEncoder().encode(value),
        let result = JSONText.read(PhaseResult.self, Array(bytes))
      else { return nil }
      return (wave, result)
    }
  }

  /// An execution, its history and the deployed topology.
  init(_ execution: Execution, _ tool: Tool) async throws(ToolError) {
    network = tool.global.name
    (name, status) = (execution.name, execution.status.rawValue)
    (error, cause) = (execution.error, execution.cause)
    (started, stopped) = (execution.started, execution.stopped)
    let run = try await tool.whole(try await RunResults(execution, tool))
    stages = run.facts.stages
    answers = run.answers.map { ($0.wave, $0.result) }
    footprint = await RunFootprint(execution, transitions: run.facts.transitions, tool)
    // A machine that is not about routers has none, and not everybody may ask: then results alone are drawn.
    do throws(ToolError) { topology = try await NetworkConfiguration(tool).topology } catch {
      if error.outcome != .unreachable { throw error }
    }
  }
}

extension RawJSON {
  var text: String? { if case .text(let text) = self { text } else { nil } }
}
