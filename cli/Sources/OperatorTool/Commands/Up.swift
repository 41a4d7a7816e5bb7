import AWSClient
import ArgumentParser
import Foundation

/// Starts an execution.
struct Up: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings the network up: says what would change, asks, starts an execution and follows it.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @Option(help: "Whether phase 1 makes routers anew: changed, always or never.")
  var recreate: String?

  @Option(help: "Where to begin: phase2 or phase3; of a rollout WAVE or WAVE.STEP.")
  var from: String?

  @Option(help: "A file with waves for this execution (a rollout's): JSON as Terraform's variable waves.")
  var waves: String?

  @Flag(help: "Phase 2 goes back unless every tunnel comes up.")
  var confirm = false

  @Flag(help: "Start it and return.")
  var detach = false

  @Flag(name: .shortAndLong, help: "Ask no questions, and plan nothing first.")
  var yes = false

  @OptionGroup var approvals: ApprovalOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws { try Recreation.validate(recreate) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let machine = try await Machine(tool)
    let network = try await NetworkConfiguration(tool)
    for name in routers { _ = try network.router(name) }
    if waves != nil, machine.kind == .synchronous {
      throw .use("--waves is for a rollout; this deployment has orchestration = \"synchronous\"")
    }
    var own: WavesFile?
    if let waves {
      own = try WavesFile(waves, FileManager.default.contents(atPath: waves).map(Array.init), network)
    }
    let begin = try await beginning(machine, own, tool)
    if !yes { try await ask(machine, begin, tool) }
    let started = try await tool.start(machine, input(own, begin))
    if detach {
      tool.tellStarted(started)
      return .asWanted
    }
    return try await tool.follow(started, approvals)
  }

  private func beginning(
    _ machine: Machine, _ own: WavesFile?, _ tool: Tool
  ) async throws(ToolError) -> StartingPoint? {
    guard let from else { return nil }
    var names = own?.names ?? []
    if machine.kind == .rollout, own == nil { names = try await NetworkConfiguration.waves(tool) }
    return try StartingPoint(from, kind: machine.kind, waves: names)
  }

  /// What it would do, and whether it may.
  private func ask(_ machine: Machine, _ begin: StartingPoint?, _ tool: Tool) async throws(ToolError) {
    // Nobody waits for a plan that nobody can be asked about.
    guard tool.screen.console.ask != nil else { try tool.confirm("", yes); return }
    if begin?.step != "phase3" {
      try await NetworkPlan(tool, routers: routers, recreate: recreate, isFromPhase2: begin?.step == "phase2")
        .show(tool)
    }
    let place = begin.map { ", from \($0.text) on" } ?? ""
    try tool.confirm("start an execution of \(machine.name) in \(tool.region)\(place)?", yes)
  }

  private func input(_ own: WavesFile?, _ begin: StartingPoint?) -> [String: any Encodable & Sendable] {
    var event: [String: any Encodable & Sendable] = [:]
    if !routers.isEmpty { event["instances"] = routers }
    if let recreate { event["recreate"] = recreate }
    if let begin { event["start_at"] = begin.text }
    if let own { event["waves"] = own.waves }
    if confirm { event["confirm"] = true }
    return event
  }
}

/// An execution that was just started. Its list may not have it yet.
struct StartedExecution: Sendable {
  var name: String
  var arn: String
}

extension Tool {
  /// Starts an execution, whose name makes that a start whose answer was lost is not made twice.
  func start(
    _ machine: Machine, _ event: [String: any Encodable & Sendable]
  ) async throws(ToolError) -> StartedExecution {
    let name = UUID().uuidString.lowercased()
    let input = String(decoding: JSONText.object(event), as: UTF8.self)
    let arn = try await asked { () throws(FailedCall) in
      try await machines.start(machine.arn, name: name, input: input)
    }
    return StartedExecution(name: name, arn: arn)
  }

  /// Follows an execution that was just started.
  func follow(
    _ started: StartedExecution, _ approvals: ApprovalOptions
  ) async throws(ToolError) -> Outcome {
    if !screen.isJSON, !screen.isQuiet { screen.say("execution \(started.name) started") }
    return try await follow(started.arn, approvals)
  }

  /// Of an execution that nobody follows.
  func tellStarted(_ started: StartedExecution) {
    if screen.isJSON {
      screen.say(json: Started(execution: started.name))
    } else {
      screen.say(
        "execution \(started.name) started; \(global.verbs("watch \(started.name.prefix(8))")) follows it")
    }
  }
}

/// docs/schema/started.json.
private struct Started: Encodable { var execution: String }
