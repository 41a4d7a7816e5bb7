import AWSClient
import ArgumentParser
import Groundwork

/// Whether an operator has what the tool needs.
struct Doctor: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what the tool finds: credentials, region, deployment, and each permission.",
    discussion:
      "A permission is tried by a call that can change nothing. Terraform's output operator_policy has them all."
  )

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    var checks: [Check] = []
    checks.append(await Checkup.credentials(tool))
    if checks[0].state == .ok { checks += await Checkup(tool).all() }
    let bad = checks.filter { $0.state != .ok }
    if tool.screen.isJSON {
      tool.screen.say(json: Page(version: Sdwan.toolVersion, region: tool.region.name, checks: checks))
    } else {
      // The names of all that is well are nobody's to read, unless they are asked for.
      let shown = checks.enumerated().filter {
        $0.offset < Self.always || $0.element.state != .ok || tool.global.verbose
      }
      if !tool.screen.isQuiet { shown.forEach { say($0.element, tool.screen) } }
      let found = bad.first.map { ".  First: \($0.name): \($0.words)" } ?? "."
      tool.screen.wrapped("\(checks.count - bad.count) of \(checks.count) checks are well\(found)", indent: 0)
        .forEach(tool.screen.say)
    }
    return bad.isEmpty ? .asWanted : .unreachable
  }

  private func say(_ check: Check, _ screen: Screen) {
    let mood: Screen.Mood =
      switch check.state {
      case .ok: .good
      case .refused, .missing: .bad
      case .unknown: .busy
      }
    let text = check.words.isEmpty ? check.name : "\(check.name): \(check.words)"
    for (number, line) in screen.wrapped(text, indent: Self.indent).enumerated() {
      let head = number == 0 ? check.state.rawValue : ""
      screen.say(
        screen.colored(head, mood) + String(repeating: " ", count: Self.indent - head.count) + line)
    }
  }

  private static let indent = 9
  /// Who one is, and which deployment it is.
  private static let always = 2

  /// docs/schema/doctor.json.
  private struct Page: Encodable {
    var version: String
    var region: String
    var checks: [Check]
  }
}

/// One of the doctor's checks.
struct Check: Encodable, Sendable {
  enum State: String, Encodable, Sendable {
    case ok
    /// It is not permitted.
    case refused
    /// It is not there.
    case missing
    /// Nobody can say now.
    case unknown
  }

  var name: String
  var state: State
  var words: String
}
