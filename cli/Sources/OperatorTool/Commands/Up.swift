import AWSClient
import ArgumentParser
import Foundation

/// Starts an execution.
struct Up: OperatorCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings the network up: starts an execution and follows it.")

  @Argument(help: "Only these routers.")
  var routers: [String] = []

  @Option(help: "Whether phase 1 makes routers anew: changed, always or never.")
  var recreate: String?

  @Option(help: "Where to begin: phase2, phase3, WAVE or WAVE.STEP.")
  var from: String?

  @Flag(help: "Phase 2 goes back unless every tunnel comes up.")
  var confirm = false

  @Flag(help: "Start it and return.")
  var detach = false

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let recreate, !["changed", "always", "never"].contains(recreate) {
      throw ValidationError("--recreate is changed, always or never, not \"\(recreate)\"")
    }
  }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let machine = try await tool.machine()
    try tool.confirm("start an execution of \(machine.name) in \(tool.region)?", yes)
    var event: [String: any Encodable & Sendable] = [:]
    if !routers.isEmpty { event["instances"] = routers }
    if let recreate { event["recreate"] = recreate }
    if let from { event["start_at"] = from }
    if confirm { event["confirm"] = true }
    let input = String(decoding: JSONText.object(event), as: UTF8.self)
    // By its own name a start whose answer was lost is not made twice.
    let name = UUID().uuidString.lowercased()
    let arn = try await asked { () throws(FailedCall) in
      try await tool.machines.start(machine.stateMachineArn, name: name, input: input)
    }
    if !tool.screen.isJSON { tool.screen.say("execution \(name) started") }
    if detach { return .asWanted }
    return try await tool.follow(arn)
  }
}
