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

  func validate() throws { try Recreation.validate(recreate) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    if !routers.isEmpty {
      let network = try await NetworkConfiguration(tool)
      for name in routers { _ = try network.router(name) }
    }
    let plan = try await NetworkPlan(tool, routers: routers, recreate: recreate)
    plan.show(tool)
    if !plan.unknown.isEmpty { return .unwell }
    return exitCode && !plan.changed.isEmpty ? .changes : .asWanted
  }
}

/// What `--recreate` may be.
enum Recreation {
  static let words = ["changed", "always", "never"]

  static func validate(_ word: String?) throws {
    guard let word, !words.contains(word) else { return }
    throw ValidationError("--recreate is changed, always or never, not \"\(word)\"")
  }
}

/// What an `up` would do to the routers.
struct NetworkPlan {
  let routers: [RouterPlan]

  var changed: [RouterPlan] { routers.filter(\.changes) }
  /// Routers of which it is not known what would change.
  var unknown: [RouterPlan] { routers.filter { $0.trouble != nil } }

  /// Asks phases 1 and 2 what they would do.
  /// - Parameters:
  ///   - routers: empty for all.
  ///   - isFromPhase2: phase 1 is to be left out.
  init(
    _ tool: Tool, routers: [String], recreate: String?, isFromPhase2: Bool = false
  ) async throws(ToolError) {
    var event: [String: any Encodable & Sendable] = ["mode": "plan"]
    if !routers.isEmpty { event["instances"] = routers }
    if let recreate { event["recreate"] = recreate }
    var first: [String: RouterResult] = [:]
    if !isFromPhase2 {
      let (result, raw) = try await tool.answer("phase1", event)
      // Where phase 1 would make a router anew, phase 2 has all of it to do.
      event["phase1_result"] = raw
      first = await tool.whole(result).results
    }
    let second = await tool.whole(try await tool.answer("phase2", event).result).results
    self.routers = Set(first.keys).union(second.keys).sorted().map { RouterPlan($0, first[$0], second[$0]) }
  }

  func show(_ tool: Tool) {
    if tool.screen.isJSON {
      tool.screen.say(json: Page(routers: routers, changed: changed.count, unknown: unknown.count))
      return
    }
    if !tool.screen.isQuiet {
      for plan in routers where plan.changes || plan.trouble != nil || tool.global.verbose {
        plan.lines(tool.screen, isWhole: tool.global.verbose).forEach(tool.screen.say)
      }
    }
    let unclear = unknown.isEmpty ? "" : ", of \(unknown.count) it is not known"
    tool.screen.say("\(changed.count) of \(routers.count) routers would change\(unclear).")
  }

  /// docs/schema/plan.json.
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
  /// Somebody else's beside ours, which stays.
  let foreign: [String]
  /// Why it is not known what would change.
  let trouble: String?

  init(_ router: String, _ first: RouterResult?, _ second: RouterResult?) {
    self.router = router
    container = first?.details.container
    diff = (first?.details.diff ?? []) + (second?.details.diff ?? [])
    foreign = (first?.details.foreign ?? []) + (second?.details.foreign ?? [])
    trouble = [first, second].compactMap { $0 }.first { $0.status != "Success" }?.stderr.oneLine(limit: 300)
  }

  var changes: Bool { !diff.isEmpty }

  /// - Parameter isWhole: also of a router that is made anew, where all of it is set, each line.
  func lines(_ screen: Screen, isWhole: Bool) -> [String] {
    let fate =
      switch container {
      case "new": "made"
      case "anew": "made anew, with all that is configured in it: about 5 min without traffic"
      case "started": "started"
      default: changes ? "reconfigured" : "stays as it is"
      }
    let head = "\(screen.colored(router, .strong))  \(trouble.map { "not known: \($0)" } ?? fate)"
    let isNew = ["new", "anew"].contains(container)
    let changes =
      isNew && !isWhole
      ? diff.isEmpty ? [] : [screen.colored("  + \(diff.count) lines; -v shows them", .good)]
      : diff.map { line in
        let mood: Screen.Mood? =
          line.hasPrefix("+") ? .good : line.hasPrefix("-") ? .bad : line.hasPrefix("~") ? .busy : .dim
        return screen.colored("  \(line)", mood)
      }
    return screen.wrapped(head, indent: 0) + changes + foreign.map { screen.colored("  = \($0)", .dim) }
  }
}
