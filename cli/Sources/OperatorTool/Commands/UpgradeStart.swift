import AWSClient
import ArgumentParser
import Foundation
import Orchestration

/// What executions are started with.
struct UpgradeWishes: ParsableArguments, Sendable {
  @Argument(help: "The version that the clusters are to have, like 1.33.")
  var target: String

  @Argument(help: "Only these clusters.")
  var clusters: [String] = []

  @Option(help: "A file with waves for this execution: JSON as Terraform's variable waves.")
  var waves: String?

  @Option(help: "Where to begin: WAVE or WAVE.STEP.")
  var from: String?

  @Option(help: "in-place, or blue-green: the traffic goes to another cluster that has the version already.")
  var strategy: String?

  @Option(help: "Seconds between the control plane and the nodes, or between two shares of the traffic.")
  var bake: Int?

  @Option(help: "Node groups of a cluster that are replaced at once.")
  var nodeGroups: Int?

  @Flag(help: "Pass over insights with errors.")
  var force = false

  @Flag(help: "End pods that can't be evicted.")
  var forceNodes = false

  @Flag(help: "Delete the cluster that has no traffic any more (blue-green).")
  var decommission = false

  /// The execution's input.
  /// - Throws: ``ToolError`` for a file that is none.
  func input() throws(ToolError) -> [String: any Encodable & Sendable] {
    var event: [String: any Encodable & Sendable] = ["target": target]
    if !clusters.isEmpty { event["clusters"] = clusters }
    if let from { event["start_at"] = from }
    if let strategy { event["strategy"] = strategy }
    if let bake { event["bake_seconds"] = bake }
    if let nodeGroups { event["node_groups_at_once"] = nodeGroups }
    if force { event["force"] = true }
    if forceNodes { event["force_nodes"] = true }
    if decommission { event["decommission"] = true }
    if let waves {
      guard let bytes = FileManager.default.contents(atPath: waves),
        let all = JSONText.read([RawJSON].self, Array(bytes))
      else { throw .use("\(waves) is no file with a list of waves") }
      event["waves"] = all
    }
    return event
  }

}

/// How an execution that changes something is started.
struct UpgradeManner: ParsableArguments, Sendable {
  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @Flag(help: "Start it and return.")
  var detach = false

  @OptionGroup var approvals: ApprovalOptions

  func start(
    _ event: [String: any Encodable & Sendable], _ tool: Tool
  ) async throws(ToolError) -> Outcome {
    let started = try await tool.start(try await Machine(tool), event)
    if detach {
      tool.tellStarted(started)
      return .asWanted
    }
    return try await tool.follow(started, approvals)
  }
}

/// Tells what an upgrade would do.
struct UpgradePlanCommand: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "What an upgrade would do, or why it can't be; nothing is changed.")

  @OptionGroup var wishes: UpgradeWishes
  @OptionGroup var approvals: ApprovalOptions
  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    var event = try wishes.input()
    event["mode"] = "plan"
    let started = try await tool.start(try await Machine(tool), event)
    let outcome = try await tool.follow(started, approvals)
    for plan in try await tool.clusterPlans(started.arn) {
      if tool.screen.isJSON {
        tool.screen.say(json: plan)
      } else {
        plan.lines(tool.screen).forEach(tool.screen.say)
      }
    }
    return outcome
  }
}

/// Upgrades clusters.
struct UpgradeStart: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Upgrades clusters: asks, starts an execution and follows it.")

  @OptionGroup var wishes: UpgradeWishes
  @OptionGroup var manner: UpgradeManner
  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let whom = wishes.clusters.isEmpty ? "all clusters" : wishes.clusters.joined(separator: ", ")
    try tool.confirm(
      "upgrade \(whom) of \(tool.global.name) in \(tool.region) to \(wishes.target)?", manner.yes)
    return try await manner.start(try wishes.input(), tool)
  }
}

/// Takes an upgrade back.
struct UpgradeRollback: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Takes an upgrade to a version back, as EKS lets one within seven days.",
    discussion: "Nodes first, then the control plane; with blue-green all of the traffic goes back.")

  @OptionGroup var wishes: UpgradeWishes
  @OptionGroup var manner: UpgradeManner
  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    guard !wishes.clusters.isEmpty else { throw .use("name the clusters that are to go back") }
    try tool.confirm(
      "take the upgrade of \(wishes.clusters.joined(separator: ", ")) to \(wishes.target) back?", manner.yes)
    var event = try wishes.input()
    event["steps"] = ["rollback"]
    event["any_upgrade"] = true
    return try await manner.start(event, tool)
  }
}
