import Groundwork
import SSMKit

/// How far a fleet's work has come between two short actions: as little as is needed to go on, because Step Functions
/// carries it from one to the next. It takes a few bytes a target: which is which says the order of their names, and their
/// commands are found by their marks.
struct Progress: Equatable, Sendable {
  /// When the work started.
  var started: UnixTime
  /// What plays the execution's part where the work is done outside of one.
  var execution: String?
  /// Whether commands of an earlier attempt count, which were sent before this one began.
  var mayBeOlder = false
  /// Questions after the start.
  var asked = 0
  /// Seconds to wait before the next one.
  var wait = PollPlan.first
  /// Of the targets in the order of their names.
  var items: [ItemProgress]
  /// What AWS said where it refused commands; ``ItemProgress/refusal`` counts them from 1.
  var refusals: [String] = []
  /// What stood in the way the last time that something was to be sent, in words.
  var trouble: String?
  /// Tells the targets' names from others.
  private(set) var names: String

  /// Refusals that are told from each other.
  static let mostRefusals = 10
  /// Bytes of one, and of a trouble.
  static let longestRefusal = 300
  /// Targets that a state may be about.
  static let mostItems = 100_000
  /// How long ago an earlier attempt may have begun.
  private static let longestAttempts = Duration.seconds(3600)

  init(started: UnixTime, of targets: [Target]) {
    self.started = started
    names = Self.digest(targets)
    items = Array(repeating: ItemProgress(), count: targets.count)
  }

  /// Before this nothing was sent for the work.
  var since: UnixTime { mayBeOlder ? started - Self.longestAttempts : started }

  var pending: Int { items.count { !$0.stage.hasEnded } }

  // MARK: Whose it is

  private static let digits = 12

  private static func digest(_ targets: [Target]) -> String {
    CommandMark.digest(of: targets.map(\.name), digits: digits)
  }

  /// What the clocks of two functions may differ by.
  private static let skew = Duration.seconds(300)

  /// - Parameter targets: those that the event is about; the state has to be about the same.
  /// - Throws: ``Failure`` (`Event.Invalid`) that names what does not belong together.
  func require(_ targets: [Target], _ vocabulary: Vocabulary, now: UnixTime) throws(Failure) {
    guard items.count == targets.count else {
      throw .event(
        "the event's field state is about \(items.count) \(vocabulary.items), and the event about \(targets.count); check wants what start gave"
      )
    }
    guard names == Self.digest(targets) else {
      throw .event(
        "the event's field state is about other \(vocabulary.items) than the event; check wants what start gave"
      )
    }
    if started > now + Self.skew {
      throw .event(
        "the event's field state says that the \(vocabulary.function) starts in \((started - now).inWholeSeconds) s; check wants what start gave"
      )
    }
  }
}

/// What an event says of an earlier step is believed only in the form in which a step wrote it.
extension Progress: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case started, execution, older, asked, wait, items, names, refusals, trouble
  }

  init(from decoder: any Decoder) throws {
    let strange = DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "no state of a step"))
    let all = try decoder.container(keyedBy: Word.self)
    guard all.allKeys.allSatisfy({ Key(rawValue: $0.stringValue) != nil }) else { throw strange }
    let fields = try decoder.container(keyedBy: Key.self)
    started = UnixTime(seconds: try fields.decode(Double.self, forKey: .started))
    execution = try fields.decodeIfPresent(String.self, forKey: .execution)
    mayBeOlder = try fields.decodeIfPresent(Bool.self, forKey: .older) ?? false
    asked = try fields.decode(Int.self, forKey: .asked)
    wait = try fields.decode(Int.self, forKey: .wait)
    names = try fields.decode(String.self, forKey: .names)
    refusals = try fields.decodeIfPresent([String].self, forKey: .refusals) ?? []
    trouble = try fields.decodeIfPresent(String.self, forKey: .trouble)
    let text = try fields.decode(String.self, forKey: .items)
    items = [ItemProgress](text, atMost: Self.mostItems) ?? []
    let known = refusals.count
    guard !items.isEmpty, started.seconds >= 0, (0...1_000_000).contains(asked),
      (1...FleetSettings.longestTimeout).contains(wait),
      refusals.count <= Self.mostRefusals, refusals.allSatisfy({ $0.utf8.count <= Self.longestRefusal }),
      trouble?.utf8.count ?? 0 <= Self.longestRefusal,
      execution.map({ (1...2048).contains($0.utf8.count) }) ?? true,
      items.allSatisfy({ ($0.stage == .refused) == ($0.refusal > 0) && $0.refusal <= known })
    else { throw strange }
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(started.seconds, forKey: .started)
    try fields.encodeIfPresent(execution, forKey: .execution)
    if mayBeOlder { try fields.encode(true, forKey: .older) }
    try fields.encode(asked, forKey: .asked)
    try fields.encode(wait, forKey: .wait)
    try fields.encode(items.text, forKey: .items)
    try fields.encode(names, forKey: .names)
    try fields.encodeIfPresent(trouble, forKey: .trouble)
    if !refusals.isEmpty { try fields.encode(refusals, forKey: .refusals) }
  }
}
