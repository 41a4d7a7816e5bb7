import AWSClient
import ArgumentParser
import Orchestration

/// Runs a machine.
struct MachineRun: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Starts an execution with the input on stdin, waits, and prints its output.",
    discussion: "The same name and input again find the execution that runs. Exit status 1 where it failed.")

  @Argument(help: "The machine's ARN.")
  var arn: String

  @Option(help: "The execution's name.")
  var execution: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let input = tool.inputText
    let limit = tool.global.timeout.map { Duration.seconds($0) } ?? .seconds(86_400)
    let ended = try await asked { () async throws(FailedCall) in
      let started = try await tool.machines.start(arn, name: execution, input: input.isEmpty ? "{}" : input)
      return try await tool.machines.wait(for: started, limit: limit, pause: .seconds(1))
    }
    switch ended.status {
    case .succeeded:
      tool.screen.console.write((ended.output ?? "{}") + "\n")
      return .asWanted
    case .running, .pendingRedrive:
      throw ToolError(message: "gave up waiting (--timeout); \(ended.name) goes on", outcome: .timedOut)
    case .failed, .timedOut, .aborted:
      tool.screen.console.complain(
        "sdwan: \(ended.name) \(ended.status.rawValue): \(ended.error ?? ""): \(ended.cause ?? "")")
      return .unwell
    }
  }
}

/// Begins an execution anew where it failed.
struct MachineRedrive: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "redrive", abstract: "Begins a failed execution anew at the state that failed.",
    discussion: "One that ended in a Fail state only fails again.")

  @Argument(help: "The execution's ARN.")
  var execution: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try await asked { () async throws(FailedCall) in try await tool.machines.redrive(execution) }
    tool.tell("it goes on", count: 1)
    return .asWanted
  }
}

/// Ends a state that waits for its token.
struct MachineAnswer: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Ends a state that waits for its token: with the output on stdin, or with --error.")

  @Argument(help: "The token that the state has handed out.")
  var token: String

  @Option(help: "The error's name, for a state that is to fail; its cause stands on stdin.")
  var error: String?

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let text = tool.inputText
    try await asked { () async throws(FailedCall) in
      if let error {
        try await tool.machines.fail(token, error: error, cause: text)
      } else {
        try await tool.machines.succeed(token, output: text.isEmpty ? "{}" : text)
      }
    }
    tool.tell("answered", count: 1)
    return .asWanted
  }
}

/// Keeps a state that waits for its token alive.
struct MachineHeartbeat: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "heartbeat", abstract: "Tells a state that waits for its token that its work goes on.")

  @Argument(help: "The token that the state has handed out.")
  var token: String

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    try await asked { () async throws(FailedCall) in try await tool.machines.heartbeat(token) }
    tool.tell("told", count: 1)
    return .asWanted
  }
}
