import ArgumentParser

/// A system of the engine beside the SD-WAN, whose deployment has a name of its own.
protocol OtherSystem {
  /// The system's word, and the deployment's name where nobody gives another: that of its Terraform root.
  static var usualName: String { get }
  /// What goes on when an execution is stopped, in a sentence.
  static var whatGoesOn: String { get }
}

/// A command of the SD-WAN's, for another system's deployment.
struct SystemCommand<System: OtherSystem, Command: OperatorCommand>: OperatorCommand {
  static var configuration: CommandConfiguration {
    let command = Command.configuration
    let name = Command._commandName
    return CommandConfiguration(
      commandName: name,
      abstract: name == "stop" ? "Stops an execution. \(System.whatGoesOn)" : command.abstract,
      discussion: command.discussion)
  }

  @OptionGroup var command: Command
  var global: GlobalOptions { command.global.of(System.usualName) }

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome { try await command.perform(tool) }
}
