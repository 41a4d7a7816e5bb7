import FoundationEssentials
import SSMKit

/// The known fields of an event, each checked by itself.
extension PhaseInput: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case instances, reached, mode, command, action, recreate, confirm, execution, wave, timeout, state
    case redriveCount = "redrive_count"
    case retryCount = "retry_count"
    case failsOnRouters = "fail_on_routers"
  }

  /// The fields that are read; all others are ignored.
  static let knownFields = Set(Key.allCases.map(\.rawValue))

  private typealias Fields = KeyedDecodingContainer<Key>

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    instances = try Self.value(fields, .instances, "an array of router names")
    if instances?.isEmpty == true {
      throw PhaseError.event("the event's field instances is empty; leave it out for all")
    }
    let reached: [String]? = try Self.value(fields, .reached, "an array of router names")
    self.reached = reached.map { Set($0) }
    mode = try Self.choice(fields, .mode, of: Mode.allCases) ?? .apply
    command = try Self.command(fields)
    action = try Self.choice(fields, .action, of: Action.allCases) ?? .run
    recreate = try Self.choice(fields, .recreate, of: Recreate.allCases)
    confirm = try Self.value(fields, .confirm, "true or false") ?? false
    timeout = try Self.number(fields, .timeout, 1...PhaseSettings.longestTimeout)
    failsOnRouters = try Self.value(fields, .failsOnRouters, "true or false") ?? false
    run = try Self.run(fields)
    if action == .check {
      progress = try Self.value(fields, .state, "what the last start or check gave")
    }
  }

  private static func command(_ fields: Fields) throws -> HostCommand? {
    let wanted = "an object with a text document and an object parameters, each value of it an array of texts"
    guard let command: HostCommand = try value(fields, .command, wanted) else { return nil }
    guard command.hasName else {
      throw PhaseError.event(
        "the event's field command has the document \"\(command.document.shown(bytes: 80))\"; it must be \(HostCommand.allowedName)"
      )
    }
    return command
  }

  private static func run(_ fields: Fields) throws -> RunIdentity? {
    guard let execution: String = try value(fields, .execution, "an execution's ARN") else { return nil }
    guard !execution.isEmpty else { throw PhaseError.event("the event's field execution is empty") }
    let wave: String = try value(fields, .wave, "a wave's name") ?? ""
    // An ARN takes 2,048 bytes at most; a wave's name becomes a part of an object's key.
    for (key, text) in [(Key.execution, execution), (.wave, wave)] where text.utf8.count > 2048 {
      throw PhaseError.event("the event's field \(key.stringValue) is longer than 2048 bytes")
    }
    return RunIdentity(
      execution: execution,
      redriveCount: try number(fields, .redriveCount, 0...Int(Int32.max)) ?? 0,
      wave: wave,
      retryCount: try number(fields, .retryCount, 0...Int(Int32.max)))
  }

  private static func number(_ fields: Fields, _ key: Key, _ allowed: ClosedRange<Int>) throws -> Int? {
    let wanted = "a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
    guard let number: Int = try value(fields, key, wanted) else { return nil }
    guard allowed.contains(number) else {
      throw PhaseError.event("the event's field \(key.stringValue) is \(number); it must be \(wanted)")
    }
    return number
  }

  private static func choice<Choice: RawRepresentable<String>>(
    _ fields: Fields, _ key: Key, of all: [Choice]
  ) throws -> Choice? {
    let allowed = all.map(\.rawValue).joined(separator: ", ")
    guard let text: String = try value(fields, key, "one of: \(allowed)") else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw PhaseError.event(
        "the event's field \(key.stringValue) is \"\(text.shown(bytes: 80))\"; allowed: \(allowed)")
    }
    return choice
  }

  /// nil where the field is missing.
  private static func value<Value: Decodable>(
    _ fields: Fields, _ key: Key, _ wanted: String
  ) throws -> Value? {
    guard fields.contains(key) else { return nil }
    guard let value = try? fields.decode(Value.self, forKey: key) else {
      throw PhaseError.event("the event's field \(key.stringValue) must be \(wanted)")
    }
    return value
  }
}
