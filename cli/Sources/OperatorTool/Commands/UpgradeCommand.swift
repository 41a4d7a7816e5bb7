import ArgumentParser

/// `sdwan upgrade`: upgrades of EKS clusters in waves, the same engine with other functions.
struct UpgradeCommand: ParsableCommand {
  /// The deployment's name where nobody gives another: that of terraform/upgrade.
  static let usualName = "upgrade"

  static let configuration = CommandConfiguration(
    commandName: "upgrade", abstract: "Upgrades EKS clusters in waves (docs/upgrade.md).",
    subcommands: [
      UpgradePlanCommand.self, UpgradeStart.self, UpgradeWatch.self, UpgradeApprove.self, UpgradeReject.self,
      UpgradeResume.self, UpgradeStop.self, UpgradeRollback.self, UpgradeHistory.self,
    ])
}

/// Follows an execution.
struct UpgradeWatch: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: Watch.configuration.abstract)

  @OptionGroup var command: Watch
  var global: GlobalOptions { command.global.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Lets a wave that waits go on.
struct UpgradeApprove: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: Approve.configuration.abstract)

  @OptionGroup var command: Approve
  var global: GlobalOptions { command.global.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Ends a rollout at the wave that waits.
struct UpgradeReject: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: Reject.configuration.abstract)

  @OptionGroup var command: Reject
  var global: GlobalOptions { command.global.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Goes on where an execution ended.
struct UpgradeResume: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: Resume.configuration.abstract,
    discussion: Resume.configuration.discussion)

  @OptionGroup var command: Resume
  var global: GlobalOptions { command.global.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Ends an execution.
struct UpgradeStop: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stops an execution. An update of EKS that runs goes on.")

  @OptionGroup var command: Stop
  var global: GlobalOptions { command.global.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}

/// Past executions.
struct UpgradeHistory: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: History.configuration.abstract)

  @OptionGroup var command: History
  var global: GlobalOptions { command.global.of(UpgradeCommand.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}
