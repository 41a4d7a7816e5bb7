import ArgumentParser
import SDWAN

/// What is wrong, and what to do.
struct Why: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why a router is not healthy: the cause, what shows it, and what to do.")

  @Argument(help: "A router (default: every one that has a cause of its own).")
  var router: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let execution = try await tool.execution(nil)
    let run = try await RunResults(execution, tool)
    let results = run.results(of: "phase3").flatMap(\.results)
    let known = Dictionary(results) { first, _ in first }
    guard !known.isEmpty else { return try await withoutVerdict(execution.arn, tool) }
    if let router, known[router] == nil {
      let near = Words.near(router, among: known.keys).map { "; did you mean \($0)?" } ?? ""
      throw .use("there is no verdict on a router \(router)\(near)")
    }
    let ill = known.filter { $0.value.status != "Success" && ($0.key == router || router == nil) }
      .sorted {
        ($0.value.details.diagnosis?.at == nil ? 0 : 1, $0.key) < (
          $1.value.details.diagnosis?.at == nil ? 0 : 1, $1.key
        )
      }
    if tool.screen.isJSON {
      tool.screen.say(
        json: Answer(
          routers: ill.map {
            Answer.Router(
              name: $0.key, diagnosis: $0.value.details.diagnosis,
              further: $0.value.details.furtherDiagnoses ?? [], reasons: $0.value.details.reasons ?? [])
          }))
    } else if ill.isEmpty {
      tool.screen.say(router.map { "\($0) is healthy" } ?? "every router is healthy")
    } else {
      for (name, result) in ill { explain(name, result, tool.screen) }
    }
    return ill.isEmpty ? .asWanted : .unwell
  }

  private struct Answer: Encodable {
    struct Router: Encodable {
      var name: String
      var diagnosis: Diagnosis?
      var further: [Diagnosis]
      var reasons: [String]
    }

    var routers: [Router]
  }

  private func explain(_ name: String, _ result: RouterResult, _ screen: Screen) {
    guard let diagnosis = result.details.diagnosis else {
      screen.say("\(name): \(result.details.reasons?.first ?? result.stderr)")
      return
    }
    let place = diagnosis.at.map { " at \($0)" } ?? ""
    screen.say(
      "\(screen.colored(name, .strong)): \(screen.colored(diagnosis.cause.rawValue, .bad))\(place) (\(diagnosis.confidence.rawValue))"
    )
    for line in diagnosis.evidence { say("saw", line, screen) }
    if !diagnosis.folds.isEmpty { say("so", diagnosis.folds.joined(separator: ", "), screen) }
    if let hint = diagnosis.hint { say("do", hint, screen) }
    for other in result.details.furtherDiagnoses ?? [] {
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

  /// Where phase 3 was not reached, the execution says what happened.
  private func withoutVerdict(_ execution: String, _ tool: Tool) async throws(ToolError) -> Outcome {
    let whole = try await tool.described(execution)
    tool.screen.say("\(whole.name) \(whole.status.rawValue): \(whole.error ?? "-")")
    if let cause = whole.cause { tool.screen.say(cause) }
    return whole.status == .succeeded ? .asWanted : .unwell
  }
}
