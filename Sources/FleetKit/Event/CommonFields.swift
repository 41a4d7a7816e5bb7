import Groundwork

/// The fields that the event of every fleet's function may have.
struct CommonFields: Decodable {
  private(set) var names: [String]?
  private(set) var reached: Set<String>?
  private(set) var mode = Mode.apply
  private(set) var action = Action.run
  private(set) var command: HostCommand?
  private(set) var run: RunIdentity?
  private(set) var timeout: Duration?
  private(set) var maxConcurrency: Int?

  private static func fields(_ vocabulary: Vocabulary) -> Set<String> {
    [
      "reached", "mode", "action", "command", "timeout", "execution", "wave", "step", "retry_count",
      "maxConcurrency", vocabulary.names,
    ]
  }

  static func read(_ event: [UInt8], _ vocabulary: Vocabulary) throws(Failure) -> Self {
    try EventReader.read(
      event, keeping: fields(vocabulary), of: "a \(vocabulary.function)", vocabulary)
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Word.self)
    let vocabulary = decoder.vocabulary
    let anArray = "an array of \(vocabulary.item) names"
    names = try fields.value(Word(vocabulary.names), anArray)
    if names?.isEmpty == true {
      throw Failure.event("the event's field \(vocabulary.names) is empty; leave it out for all")
    }
    reached = try fields.value("reached", anArray, as: [String].self).map { Set($0) }
    mode = try fields.choice("mode") ?? .apply
    command = try Self.command(fields)
    action = try fields.choice("action") ?? .run
    timeout = try fields.number("timeout", 1...FleetSettings.longestTimeout).map { .seconds($0) }
    maxConcurrency = try fields.number("maxConcurrency", 1...Progress.mostItems)
    run = try Self.run(fields)
  }

  private static func command(_ fields: KeyedDecodingContainer<Word>) throws(Failure) -> HostCommand? {
    let wanted = "an object with a text document and an object parameters, each value of it an array of texts"
    guard let command = try fields.value("command", wanted, as: HostCommand.self) else { return nil }
    guard command.hasName else {
      throw .event(
        "the event's field command has the document \"\(command.document.shown(bytes: 80))\"; it must be \(HostCommand.allowedName)"
      )
    }
    return command
  }

  private static func run(_ fields: KeyedDecodingContainer<Word>) throws(Failure) -> RunIdentity? {
    guard let execution = try fields.value("execution", "an execution's ARN", as: String.self) else {
      return nil
    }
    guard !execution.isEmpty else { throw .event("the event's field execution is empty") }
    let wave = try fields.value("wave", "a wave's name", as: String.self) ?? ""
    let step = try fields.value("step", "a step's name", as: String.self) ?? ""
    // An ARN takes 2,048 bytes at most; the names become a part of an object's key.
    for (key, text) in [("execution", execution), ("wave", wave), ("step", step)]
    where text.utf8.count > 2048 {
      throw .event("the event's field \(key) is longer than 2048 bytes")
    }
    return RunIdentity(
      execution: execution, wave: wave, step: step,
      retryCount: try fields.number("retry_count", 0...Int(Int32.max)))
  }
}

/// What the last `start` or `check` gave, where `check` goes on with it.
struct EarlierState<State: Decodable>: EventPart {
  let state: State?

  static var names: Set<String> { ["state"] }

  init(from decoder: any Decoder) throws {
    state = try decoder.container(keyedBy: Word.self).value("state", "what the last start or check gave")
  }
}
