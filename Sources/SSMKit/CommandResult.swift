import AWSClient

/// How a command ended, in every case.
public struct CommandResult: Sendable, Equatable {
  /// The three ends that there are.
  public enum Status: String, Sendable, Codable {
    case success = "Success"
    case failed = "Failed"
    case timedOut = "TimedOut"
  }

  /// How it ended.
  public var status: Status
  /// Empty for a command that was never sent.
  public var commandID: String
  /// Empty where it is not known.
  public var instanceID: String
  /// At most 24,000 characters: Run Command keeps no more.
  public var stdout: String
  /// At most 8,000 characters of the command's own, and why it failed; never empty unless it succeeded.
  public var stderr: String
  /// Whether somebody asked it to stop.
  public internal(set) var wasCancelled = false
  /// Whether the outputs are all that can be had; a list shows no more than their beginning.
  public internal(set) var isWhole = true

  /// A result; everything but the status may be missing.
  public init(
    _ status: Status, commandID: String = "", instanceID: String = "", stdout: String = "",
    stderr: String = ""
  ) {
    self.status = status
    self.commandID = commandID
    self.instanceID = instanceID
    self.stdout = stdout
    self.stderr = stderr
  }
}

/// The status of a command invocation.
enum InvocationStatus: Equatable {
  case running
  case ended(CommandResult.Status)

  private static let runningStatuses: Set = ["Pending", "InProgress", "Delayed", "Cancelling"]
  private static let timeouts: Set = ["DeliveryTimedOut", "ExecutionTimedOut", "TimedOut"]

  /// - Parameter details: `StatusDetails`, which the service writes with or without spaces; it is told from
  ///   the eight statuses, of which several details share one.
  init(status: String, details: String?) {
    let details = (details ?? "").filter { $0 != " " }
    if Self.runningStatuses.contains(status) {
      self = .running
    } else if status == "Success" {
      self = .ended(.success)
    } else if Self.timeouts.contains(details) || (status == "TimedOut" && details.isEmpty) {
      self = .ended(.timedOut)
    } else {
      self = .ended(.failed)
    }
  }
}

extension CommandResult {
  /// Reads an ended invocation; nil while it is running.
  init?(_ invocation: GetCommandInvocation.Output, commandID: String, instanceID: String) {
    let status = InvocationStatus(status: invocation.status, details: invocation.statusDetails)
    guard case .ended(let ended) = status else { return nil }
    self.init(
      ended, commandID: commandID, instanceID: instanceID, stdout: invocation.standardOutput ?? "",
      stderr: invocation.standardError ?? "")
    wasCancelled = invocation.status == "Cancelled"
    if ended != .success { explain(invocation) }
  }

  /// Reads an ended invocation as a list has it; nil while it is running.
  init?(_ entry: ListCommandInvocations.Entry) {
    let outputs = entry.steps.map { ListedOutput($0.output ?? "") }
    // Of several steps the one counts that failed, as far as an exit status tells.
    let code =
      entry.steps.lazy.compactMap(\.responseCode).first { $0 != 0 } ?? entry.steps.first?.responseCode
    let invocation = GetCommandInvocation.Output(
      status: entry.status, statusDetails: entry.statusDetails, responseCode: code,
      standardOutput: outputs.map(\.stdout).joined(separator: "\n"),
      standardError: outputs.lazy.map(\.stderr).filter { !$0.isEmpty }.joined(separator: "\n"))
    self.init(invocation, commandID: entry.commandID, instanceID: entry.instanceID)
    // Of several steps nobody tells more.
    switch outputs.count {
    case 0: isWhole = status != .success
    case 1: isWhole = outputs[0].isWhole
    default: isWhole = true
    }
  }

  /// Reads an ended command of several steps; nil while it is running. It went to one instance.
  init?(_ command: Command, instanceID: String) {
    let invocation = GetCommandInvocation.Output(
      status: command.status ?? "Pending", statusDetails: command.statusDetails)
    self.init(invocation, commandID: command.commandID, instanceID: instanceID)
    if status != .success {
      add(reason: "its document has several steps: their output is in the command history")
    }
  }

  private mutating func explain(_ invocation: GetCommandInvocation.Output) {
    let details = invocation.statusDetails.flatMap { $0.isEmpty ? nil : $0 } ?? invocation.status
    if details == "Failed", !stderr.isEmpty { return }
    let code = invocation.responseCode.map { $0 == -1 ? " (it did not start)" : " (exit status \($0))" } ?? ""
    add(reason: "the command ended as \(details)\(code)")
  }

  /// A command whose end can't be seen.
  public static func lost(_ commandID: String, on instanceID: InstanceID, _ error: AWSError) -> CommandResult
  {
    CommandResult(
      .failed, commandID: commandID, instanceID: instanceID.text,
      stderr: "the command was sent, but its end can't be seen: \(error)")
  }

  /// Puts a sentence behind what the command itself said.
  public mutating func add(reason: String) {
    if !stderr.isEmpty, !stderr.hasSuffix("\n") { stderr += "\n" }
    stderr += reason
  }
}
