import ArgumentParser

/// `sdwan recovery`: disaster recovery in waves, the same engine with another function.
struct RecoveryCommand: ParsableCommand {
  /// The system's word, and the deployment's name where nobody gives another: that of terraform/recovery.
  static let usualName = "recovery"

  static let configuration = CommandConfiguration(
    commandName: "recovery", abstract: "Recovers servers in waves, or drills it (docs/recovery.md).",
    discussion: "The deployment is called \(usualName) where no --name says otherwise.",
    subcommands: [
      RecoveryDrill.self, RecoveryStart.self, RecoveryWatch.self, RecoveryApprove.self, RecoveryReject.self,
      RecoveryResume.self, RecoveryStop.self, RecoveryTerminate.self, RecoveryHistory.self,
    ])
}

/// Follows an execution.
struct RecoveryWatch: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: Watch.configuration.abstract)

  @OptionGroup var command: Watch
  var global: GlobalOptions { command.global.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Lets a wave that waits go on.
struct RecoveryApprove: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: Approve.configuration.abstract)

  @OptionGroup var command: Approve
  var global: GlobalOptions { command.global.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Ends a rollout at the wave that waits.
struct RecoveryReject: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: Reject.configuration.abstract)

  @OptionGroup var command: Reject
  var global: GlobalOptions { command.global.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Goes on where an execution ended.
struct RecoveryResume: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: Resume.configuration.abstract,
    discussion: Resume.configuration.discussion)

  @OptionGroup var command: Resume
  var global: GlobalOptions { command.global.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Ends an execution.
struct RecoveryStop: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stops an execution. A job that launches servers goes on: none can be stopped.")

  @OptionGroup var command: Stop
  var global: GlobalOptions { command.global.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Past executions.
struct RecoveryHistory: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: History.configuration.abstract)

  @OptionGroup var command: History
  var global: GlobalOptions { command.global.of(RecoveryCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}
