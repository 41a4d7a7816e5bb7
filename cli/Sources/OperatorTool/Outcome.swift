import AWSClient
import Orchestration

/// How a command ended, for scripts: the exit status never changes its meaning.
enum Outcome: Sendable {
  case asWanted
  /// Something is unhealthy, or has failed.
  case unwell
  case wrongUse
  /// `plan --exit-code`: something would change.
  case changes
  /// A rollout waits for an approval.
  case waits
  /// AWS refused, or is not to be reached.
  case unreachable
  case timedOut
  case interrupted

  var status: Int32 {
    switch self {
    case .asWanted: 0
    case .unwell: 1
    case .wrongUse: 2
    case .changes: 3
    case .waits: 4
    case .unreachable: 5
    case .timedOut: 6
    case .interrupted: 130
    }
  }
}

/// Why a command could not do what it should, in one sentence that says what to do.
struct ToolError: Error, Sendable, Equatable {
  var message: String
  var outcome: Outcome

  /// A mistake of the operator's.
  static func use(_ message: String) -> ToolError { ToolError(message: message, outcome: .wrongUse) }

  /// AWS said no, or nothing.
  static func refused(_ message: String) -> ToolError { ToolError(message: message, outcome: .unreachable) }

  init(message: String, outcome: Outcome) {
    self.message = message
    self.outcome = outcome
  }

  /// A call that failed, with what to do where that is known.
  init(_ call: FailedCall) {
    let hint =
      switch call.error.code {
      case "AccessDeniedException", "AccessDenied":
        "; Terraform's output operator_policy is what an operator needs"
      case "ExpiredTokenException", "ExpiredToken": "; sign in again, or export new credentials"
      default: ""
      }
    self = .refused("\(call.error)\(hint)")
  }
}

/// Runs calls whose failure ends the command.
func asked<Value>(_ body: () async throws(FailedCall) -> Value) async throws(ToolError) -> Value {
  do throws(FailedCall) { return try await body() } catch { throw ToolError(error) }
}
