import Groundwork
import SSMKit

/// What was done to, or found out about, one target.
public struct TargetResult<Details: TargetDetails>: Encodable, Sendable {
  /// How it ended.
  public var status: CommandResult.Status
  /// Empty where nothing was sent.
  public var commandID: String
  /// Empty where it is not known.
  public var instanceID: String
  /// What the command said.
  public var stdout: String
  /// What the command said on standard error, and why it failed.
  public var stderr: String
  /// What is worth knowing beside the output.
  public var details: Details

  enum CodingKeys: String, CodingKey {
    case status, stdout, stderr, details
    case commandID = "command_id"
    case instanceID = "instance_id"
  }

  /// A command's end.
  public init(_ result: CommandResult, details: Details = Details()) {
    status = result.status
    commandID = result.commandID
    instanceID = result.instanceID
    stdout = result.stdout
    stderr = result.stderr
    self.details = details
  }

  /// A target for which nothing was sent.
  public static func failed(_ reason: String, details: Details = Details()) -> Self {
    Self(CommandResult(.failed, stderr: reason), details: details)
  }

  /// A target that is done without a command.
  public static func succeeded(details: Details = Details()) -> Self {
    Self(CommandResult(.success), details: details)
  }

  /// Makes it a failure, whatever the command's own end was.
  /// - Parameter reason: put behind what the command itself said.
  public mutating func fail(_ reason: String) {
    status = .failed
    stderr += (stderr.isEmpty || stderr.hasSuffix("\n") ? "" : "\n") + reason
  }

  /// Why it failed, in one line.
  /// - Parameter mark: what the own lines of the deployment's scripts begin with.
  public func sentence(mark: String) -> String {
    if let reasons = details.reasons, !reasons.isEmpty {
      return reasons.joined(separator: ", ").oneLine(limit: 300)
    }
    let lines = stderr.filledLines
    guard let last = lines.lastIndex(where: { $0.hasPrefix(mark) }) else {
      return stderr.oneLine(limit: 300)
    }
    let own = lines.filter { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count) }
    // What a program said right before the script gave up is the reason behind the reason.
    let before = last > 0 && !lines[last - 1].hasPrefix(mark) ? " (\(lines[last - 1]))" : ""
    return "\(own.joined(separator: "; "))\(before)".oneLine(limit: 300)
  }
}

/// What is worth knowing of a target beside the output of its command.
public protocol TargetDetails: Encodable, Sendable {
  /// What makes it smaller, one after another, where a result is too large for its answer.
  static var shortenings: [@Sendable (inout Self) -> Void] { get }

  /// Nothing yet.
  init()

  /// Why the target is not all right, in words; nil leaves that to the output.
  var reasons: [String]? { get }
  /// The name of the cause, which stands before the reasons.
  var cause: String? { get }
  /// Whether the cause is the target's own: those stand before targets that suffer from another's.
  var hasOwnCause: Bool { get }
}

extension TargetDetails {
  /// None.
  public static var shortenings: [@Sendable (inout Self) -> Void] { [] }
  /// The output tells.
  public var reasons: [String]? { nil }
  /// None.
  public var cause: String? { nil }
  /// None.
  public var hasOwnCause: Bool { false }
}

/// Nothing beside the output.
public struct NoDetails: TargetDetails {
  /// Nothing.
  public init() {}
}
