import FleetKit
import Groundwork

/// What the servers are launched for. There is no usual one: nobody starts a recovery by leaving something out.
public enum ExecutionType: String, Sendable, CaseIterable, Codable {
  /// To try it out: the instances are terminated afterwards.
  case drill
  /// In earnest.
  case recovery

  /// In any case of letters; nil for anything else.
  init?(word: String) { self.init(rawValue: word.lowercased()) }

  /// What the service says of the jobs that are started so.
  var initiator: String {
    switch self {
    case .drill: "START_DRILL"
    case .recovery: "START_RECOVERY"
    }
  }
}

/// What is said to the function alone.
struct RecoveryEvent: EventPart {
  let type: ExecutionType
  /// Whether servers are launched whose replication is not continuous: from what there is of them.
  let force: Bool

  private enum Key: String, CodingKey, CaseIterable {
    case type = "execution_type"
    case force
  }

  static let names = Set(Key.allCases.map(\.rawValue))

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    guard let word = try fields.value(.type, "one of: \(Self.allowed)", as: String.self) else {
      throw Failure.event("the event's field execution_type is missing; it must be one of: \(Self.allowed)")
    }
    guard let type = ExecutionType(word: word) else {
      throw Failure.event(
        "the event's field execution_type is \"\(word.shown(bytes: 80))\"; allowed: \(Self.allowed)")
    }
    self.type = type
    force = try fields.value(.force, "true or false") ?? false
  }

  /// - Throws: ``StepTrouble``, a refusal: a step that does not say what it is for does nothing.
  init(of step: StepRequest) throws(StepTrouble) {
    do throws(Failure) { self = try step.event.part() } catch { throw .refused(error.message) }
  }

  private static var allowed: String { ExecutionType.allCases.map(\.rawValue).joined(separator: ", ") }
}
