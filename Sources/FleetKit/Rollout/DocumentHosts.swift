import SSMKit

/// On which hosts a document of a wave runs, for a function whose items are no hosts themselves.
public struct DocumentHosts: Sendable {
  /// Hosts, by the names that answers use.
  public var targets: [Target]
  /// Targets on which nothing is run on purpose, and why; they count as done.
  public var notes: [String: String]
  /// Parameters that a document gets if it declares them, and nobody else gives them.
  public var offers: [String: String]

  /// Hosts.
  public init(_ targets: [Target], notes: [String: String] = [:], offers: [String: String] = [:]) {
    self.targets = targets
    self.notes = notes
    self.offers = offers
  }
}

/// Runs a wave's document on hosts that may have just been born.
struct RolloutDocumentWork: FleetWork {
  let purpose = HostCommand.name
  let waitsForHosts = true
  let readsOutputs = false
  let command: HostCommand
  let hosts: DocumentHosts
  let limit: Duration

  var targets: [Target] { hosts.targets }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    guard said.isEmpty, hosts.notes[target.name] == nil else { return nil }
    return .named(command.document, command.parameters, within: limit)
  }

  func conclude(
    _ said: [CommandResult], of target: Target, _ look: Look
  ) throws(Obstacle) -> Conclusion<NoDetails> {
    if let note = hosts.notes[target.name] {
      return Conclusion(TargetResult(CommandResult(.success, stdout: note)))
    }
    return Conclusion(TargetResult(said.last ?? CommandResult(.success)))
  }

  func remark(on results: [String: TargetResult<NoDetails>]) -> String {
    hosts.notes.keys.sorted().map { "; \($0): \(hosts.notes[$0] ?? "")" }.joined()
  }
}
