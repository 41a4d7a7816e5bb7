import ArgumentParser
import SDWAN

/// What is wrong, and what to do.
struct Why: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why a router is not healthy: the cause, what shows it, and what to do.")

  @Argument(help: "A router (default: every one that has a cause of its own).")
  var router: String?

  @Flag(help: "Ask the routers now (phase 3 alone), in place of what the last execution found.")
  var now = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    var verdicts = Verdicts()
    if now {
      if let router { _ = try await NetworkConfiguration(tool).router(router) }
      verdicts.take(await tool.whole(try await tool.call("phase3", [:])))
    } else {
      let found = try await tool.verdicts()
      verdicts = found.verdicts
      if verdicts.known.isEmpty { return withoutVerdict(found.newest, tool) }
    }
    let known = verdicts.known
    if let router, known[router] == nil {
      let near = Words.near(router, among: known.keys).map { "; did you mean \($0)?" } ?? ""
      throw .use("there is no verdict on a router \(router)\(near)")
    }
    let ill = known.values.filter { !$0.health.isHealthy && ($0.health.router == router || router == nil) }
      .sorted { RouterHealth.isBefore($0.health, $1.health) }
    if tool.screen.isJSON {
      tool.screen.say(json: Answer(routers: ill.map(Answer.Router.init)))
    } else if ill.isEmpty {
      tool.screen.say(router.map { "\($0) is healthy" } ?? "every router is healthy")
    } else {
      for one in ill { explain(one, tool.screen) }
    }
    return ill.isEmpty ? .asWanted : .unwell
  }

  /// docs/schema/why.json.
  private struct Answer: Encodable {
    struct Router: Encodable {
      var name: String
      /// The phase that it failed in.
      var phase: String
      var diagnosis: Diagnosis?
      var further: [Diagnosis]
      var reasons: [String]
      /// What an earlier phase said.
      var trouble: String?

      init(_ one: Verdicts.Known) {
        name = one.health.router
        phase = one.health.phase
        diagnosis = one.result.details.diagnosis
        further = one.result.details.furtherDiagnoses ?? []
        reasons = one.result.details.reasons ?? []
        trouble = one.health.trouble
      }
    }

    var routers: [Router]
  }

  private func explain(_ one: Verdicts.Known, _ screen: Screen) {
    let (name, details) = (screen.colored(one.health.router, .strong), one.result.details)
    guard let diagnosis = details.diagnosis else {
      let words = one.health.trouble ?? details.reasons?.first ?? one.result.stderr
      screen.wrapped("\(name): failed in \(one.health.phase): \(words.oneLine(limit: 1000))", indent: 2)
        .enumerated().forEach { screen.say(($0.offset == 0 ? "" : "  ") + $0.element) }
      return
    }
    let place = diagnosis.at.map { " at \($0)" } ?? ""
    screen.say(
      "\(name): \(screen.colored(diagnosis.cause.rawValue, .bad))\(place) (\(diagnosis.confidence.rawValue))"
    )
    for line in diagnosis.evidence { say("saw", line, screen) }
    if !diagnosis.folds.isEmpty { say("so", diagnosis.folds.joined(separator: ", "), screen) }
    if let hint = diagnosis.hint { say("do", hint, screen) }
    for other in details.furtherDiagnoses ?? [] {
      say("also", "\(other.cause.rawValue)\(other.at.map { " at \($0)" } ?? "")", screen)
    }
  }

  /// What kind of words they are, and the words, in as many lines as they take.
  private func say(_ kind: String, _ words: String, _ screen: Screen) {
    let head = "  " + kind + String(repeating: " ", count: max(6 - kind.count, 1))
    for (number, line) in screen.wrapped(words, indent: head.count).enumerated() {
      screen.say((number == 0 ? head : String(repeating: " ", count: head.count)) + line)
    }
  }

  /// Where no phase said anything of a router, the execution says what happened.
  private func withoutVerdict(_ run: RunResults, _ tool: Tool) -> Outcome {
    let execution = run.execution
    if tool.screen.isJSON {
      tool.screen.say(json: Answer(routers: []))
    } else {
      let words =
        "\(execution.name) \(execution.status.rawValue): \(execution.error ?? "-") \(execution.cause ?? "")"
      tool.screen.wrapped(words, indent: 0).forEach(tool.screen.say)
    }
    return execution.status == .succeeded ? .asWanted : .unwell
  }
}
