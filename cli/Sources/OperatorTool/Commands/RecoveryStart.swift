import AWSClient
import ArgumentParser
import Foundation
import Orchestration

/// What both kinds of executions are started with.
struct RecoveryPlan: ParsableArguments, Sendable {
  @Argument(help: "Only these source servers.")
  var servers: [String] = []

  @Option(help: "A file with waves for this execution: JSON as Terraform's variable waves.")
  var waves: String?

  @Option(help: "Where to begin: WAVE or WAVE.STEP.")
  var from: String?

  @Flag(help: "Launch servers too whose replication is not continuous.")
  var force = false

  @Flag(help: "Only look whether it could be done.")
  var plan = false

  @Flag(help: "Start it and return.")
  var detach = false

  /// The execution's input.
  /// - Parameter type: `drill` or `recovery`.
  /// - Throws: ``ToolError`` for a file that is none.
  func input(_ type: String) throws(ToolError) -> [String: any Encodable & Sendable] {
    var event: [String: any Encodable & Sendable] = ["execution_type": type]
    if !servers.isEmpty { event["servers"] = servers }
    if let from { event["start_at"] = from }
    if force { event["force"] = true }
    if plan { event["mode"] = "plan" }
    if let waves {
      guard let bytes = FileManager.default.contents(atPath: waves),
        let all = JSONText.read([RawJSON].self, Array(bytes))
      else { throw .use("\(waves) is no file with a list of waves") }
      event["waves"] = all
    }
    return event
  }

  func start(
    _ type: String, _ tool: Tool, _ approvals: ApprovalOptions
  ) async throws(ToolError) -> Outcome {
    let started = try await tool.start(try await Machine(tool), try input(type))
    if detach {
      tool.tellStarted(started)
      return .asWanted
    }
    return try await tool.follow(started, approvals)
  }
}

/// Starts a drill.
struct RecoveryDrill: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "Tries a recovery out; sdwan recovery terminate ends what it has launched.")

  @OptionGroup var plan: RecoveryPlan
  @OptionGroup var approvals: ApprovalOptions
  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try await plan.start("drill", tool, approvals)
  }
}

/// Starts a recovery.
struct RecoveryStart: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Recovers servers in earnest: asks, starts an execution and follows it.")

  @OptionGroup var plan: RecoveryPlan

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var approvals: ApprovalOptions
  @OptionGroup var options: GlobalOptions
  var global: GlobalOptions { options.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    if !plan.plan {
      try tool.confirm(
        "this is no drill: recover in earnest with \(tool.global.name) in \(tool.region)?", yes)
    }
    return try await plan.start("recovery", tool, approvals)
  }
}
