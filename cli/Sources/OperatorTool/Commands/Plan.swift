import ArgumentParser
import Foundation
import Groundwork

/// What an `up` would do.
struct Plan: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "What an up would change on each router; changes nothing.",
    discussion: "+ is set, - is deleted, ~ is a secret that is another one, = is somebody else's and stays.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @Option(help: "Whether phase 1 would make routers anew: changed, always or never.")
  var recreate: String?

  @Flag(help: "End with status 3 where something would change.")
  var exitCode = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    var event: [String: any Encodable & Sendable] = ["mode": "plan"]
    if !routers.isEmpty { event["instances"] = routers }
    if let recreate { event["recreate"] = recreate }
    let (first, raw) = try await tool.answer("phase1", event)
    // Where phase 1 would make a router anew, phase 2 has all of it to do.
    event["phase1_result"] = raw
    let second = try await tool.answer("phase2", event).result
    let plans = Set(first.results.keys).union(second.results.keys).sorted().map {
      RouterPlan($0, first.results[$0], second.results[$0])
    }
    return show(plans, tool)
  }

  private func show(_ plans: [RouterPlan], _ tool: Tool) -> Outcome {
    let changed = plans.filter(\.changes)
    let unknown = plans.filter { $0.trouble != nil }
    if tool.screen.isJSON {
      tool.screen.say(json: Page(routers: plans, changed: changed.count, unknown: unknown.count))
    } else {
      if !tool.screen.isQuiet {
        for plan in plans where plan.changes || plan.trouble != nil || tool.global.verbose {
          plan.lines(tool.screen).forEach(tool.screen.say)
        }
      }
      let unclear = unknown.isEmpty ? "" : ", of \(unknown.count) it is not known"
      tool.screen.say("\(changed.count) of \(plans.count) routers would change\(unclear).")
    }
    if !unknown.isEmpty { return .unwell }
    return exitCode && !changed.isEmpty ? .changes : .asWanted
  }

  private struct Page: Encodable {
    var routers: [RouterPlan]
    var changed: Int
    var unknown: Int
  }
}

/// What would be done to one router.
struct RouterPlan: Encodable, Sendable {
  let router: String
  /// `new`, `anew`, `started` or `kept`; nil where nobody said.
  let container: String?
  /// In phase 1's and phase 2's signs.
  let diff: [String]
  /// Why it is not known what would change.
  let trouble: String?

  init(_ router: String, _ first: RouterResult?, _ second: RouterResult?) {
    self.router = router
    container = first?.details.container
    diff = (first?.details.diff ?? []) + (second?.details.diff ?? [])
    trouble = [first, second].compactMap { $0 }.first { $0.status != "Success" }?.stderr.oneLine(limit: 300)
  }

  var changes: Bool { !diff.isEmpty }

  func lines(_ screen: Screen) -> [String] {
    let fate =
      switch container {
      case "new": "made"
      case "anew": "made anew, with all that is configured in it: about 5 min without traffic"
      case "started": "started"
      default: changes ? "reconfigured" : "stays as it is"
      }
    let head = "\(screen.colored(router, .strong))  \(trouble.map { "not known: \($0)" } ?? fate)"
    let changes = diff.map { line in
      let mood: Screen.Mood? =
        line.hasPrefix("+") ? .good : line.hasPrefix("-") ? .bad : line.hasPrefix("~") ? .busy : .dim
      return screen.colored("  \(line)", mood)
    }
    return [head] + changes
  }
}
