import SSMKit

/// Runs a document of somebody else on the targets' hosts, and leaves everything else alone.
struct DocumentWork: FleetWork {
  let purpose = HostCommand.name
  let targets: [Target]
  private let command: HostCommand
  private let limit: Duration

  init(_ command: HostCommand, on targets: [Target], within limit: Duration) {
    self.command = command
    self.targets = targets
    self.limit = limit
  }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    said.isEmpty ? .named(command.document, command.parameters, within: limit) : nil
  }
}
