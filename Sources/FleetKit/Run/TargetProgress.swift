import Groundwork
import SSMKit

/// How far one target has come.
enum TargetProgress: Equatable {
  /// Its host is not online yet; nothing was sent.
  case waiting
  /// A command, the how manieth look it belongs to, and whether that asks for reasons.
  case running(commandID: String, attempt: Int, asksWhy: Bool = false)
  /// Its last command has ended; what it printed can be asked for again.
  case ended(commandID: String, CommandResult.Status)
  /// There is no command whose output could be asked for.
  case without(CommandResult.Status, reason: String)

  var hasEnded: Bool {
    switch self {
    case .waiting, .running: false
    case .ended, .without: true
    }
  }

  var hasSucceeded: Bool { if case .ended(_, .success) = self { true } else { false } }
}

/// As one short string: a letter, and what belongs to it behind a colon.
extension TargetProgress: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    let status = parts.count == 3 ? Self.statuses.first { $0.value == parts[1] }?.key : nil
    switch (parts[0], status, parts.count == 3 ? Int(parts[1]) : nil) {
    case ("w", _, _) where parts.count == 1: self = .waiting
    case ("r", _, let attempt?) where attempt >= 0: self = .running(commandID: parts[2], attempt: attempt)
    case ("q", _, let attempt?) where attempt >= 0:
      self = .running(commandID: parts[2], attempt: attempt, asksWhy: true)
    case ("e", let status?, _): self = .ended(commandID: parts[2], status)
    case ("x", let status?, _): self = .without(status, reason: parts[2])
    default: throw Self.unknown(container)
    }
    // As a step writes it, to the letter, with an id that Run Command may have given.
    guard self.text == text, commandID.map(Self.isCommandID) ?? true else { throw Self.unknown(container) }
  }

  private static func unknown(_ container: any SingleValueDecodingContainer) -> DecodingError {
    DecodingError.dataCorruptedError(in: container, debugDescription: "no progress of a target")
  }

  private var commandID: String? {
    switch self {
    case .running(let commandID, _, _), .ended(let commandID, _): commandID
    case .waiting, .without: nil
    }
  }

  private static func isCommandID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
      }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  private static let statuses: [CommandResult.Status: String] = [.success: "s", .failed: "f", .timedOut: "t"]
  private static let longestReason = 300

  private var text: String {
    switch self {
    case .waiting: "w"
    case .running(let commandID, let attempt, let asksWhy): "\(asksWhy ? "q" : "r"):\(attempt):\(commandID)"
    case .ended(let commandID, let status): "e:\(Self.statuses[status] ?? "f"):\(commandID)"
    case .without(let status, let reason):
      "x:\(Self.statuses[status] ?? "f"):\(reason.oneLine(limit: Self.longestReason))"
    }
  }
}
