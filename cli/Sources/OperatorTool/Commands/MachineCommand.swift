import AWSClient
import ArgumentParser
import Orchestration

/// `sdwan machine`: state machines of AWS Step Functions.
struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine", abstract: "State machines, whoever's they are (docs/orchestration.md).",
    subcommands: [
      MachineList.self, MachineCreate.self, MachineUpdate.self, MachineDelete.self, MachineRun.self,
      MachineRedrive.self, MachineAnswer.self, MachineHeartbeat.self,
    ])
}

/// Lists machines.
struct MachineList: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The region's state machines.")

  @OptionGroup var global: GlobalOptions

  /// docs/schema/orchestration/machine.json, a line each.
  private struct Line: Encodable { var name: String, arn: String }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    for machine in try await asked({ () async throws(FailedCall) in try await tool.machines.list() }) {
      if tool.screen.isJSON {
        tool.screen.say(json: Line(name: machine.name, arn: machine.stateMachineArn))
      } else {
        tool.screen.say("\(machine.name)  \(machine.stateMachineArn)")
      }
    }
    return .asWanted
  }
}

/// Makes a machine.
struct MachineCreate: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Makes a state machine; its definition stands on stdin. Prints its ARN.")

  @Argument(help: "The machine's name.")
  var machine: String

  @Option(help: "The ARN of the role that it acts as.")
  var role: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let definition = tool.inputText
    let arn = try await asked { () async throws(FailedCall) in
      try await tool.machines.create(
        StateMachineSpecification(name: machine, definition: definition, role: role))
    }
    tool.tell(arn: arn)
    return .asWanted
  }
}

/// Changes a machine.
struct MachineUpdate: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Gives a state machine the definition on stdin.")

  @Argument(help: "The machine's ARN.")
  var arn: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let definition = tool.inputText
    try await asked { () async throws(FailedCall) in
      try await tool.machines.update(arn, definition: definition)
    }
    tool.tell(arn: arn)
    return .asWanted
  }
}

/// Deletes a machine.
struct MachineDelete: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a state machine when its executions have ended.")

  @Argument(help: "The machine's ARN.")
  var arn: String

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try tool.confirm("delete \(arn)?", yes)
    try await asked { () async throws(FailedCall) in try await tool.machines.delete(arn) }
    tool.tell("deleted", count: 1)
    return .asWanted
  }
}

extension Tool {
  /// docs/schema/orchestration/arn.json.
  private struct ARN: Encodable { var arn: String }

  func tell(arn: String) {
    if screen.isJSON { screen.say(json: ARN(arn: arn)) } else { screen.console.write(arn + "\n") }
  }
}
