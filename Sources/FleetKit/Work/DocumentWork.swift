import SSMKit

/// Runs a document of somebody else on the targets' hosts, and leaves everything else alone.
struct DocumentWork: FleetWork {
  let purpose = HostCommand.name
  let targets: [Target]
  let waitsForHosts: Bool
  let readsOutputs = false
  private let command: HostCommand
  private let limit: Duration

  /// - Parameter work: what the function would do otherwise: its targets are the document's too.
  init(_ command: HostCommand, insteadOf work: some FleetWork, within limit: Duration) {
    self.command = command
    targets = work.targets
    waitsForHosts = work.waitsForHosts
    self.limit = limit
  }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    said.isEmpty ? .named(command.document, command.parameters, within: limit) : nil
  }
}
