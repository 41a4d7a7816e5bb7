import Groundwork

/// How far a fleet's work has come between two short actions: as little as is needed to go on, because Step Functions
/// carries it from one to the next (about 60 bytes a target).
struct Progress: Equatable, Sendable {
  /// When the work started.
  var started: UnixTime
  /// Seconds to wait before the next look.
  var wait: Int
  var targets: [String: TargetProgress]

  /// Pauses between looks while nothing ends.
  private static let waits = [15, 30, 60]

  init(started: UnixTime, targets: [String: TargetProgress]) {
    self.started = started
    self.targets = targets
    wait = Self.waits[0]
  }

  /// Progress after another look: the pause begins anew when a target has come to its end, and grows otherwise.
  func next(_ targets: [String: TargetProgress]) -> Progress {
    var next = Progress(started: started, targets: targets)
    let ended = { (all: [String: TargetProgress]) in all.values.filter(\.hasEnded).count }
    if ended(targets) == ended(self.targets) {
      next.wait = Self.waits.first { $0 > wait } ?? Self.waits[Self.waits.count - 1]
    }
    return next
  }

  /// Whether a target has not been sent anything yet.
  func isWaiting(_ target: Target) -> Bool { self[target] == .waiting }

  subscript(target: Target) -> TargetProgress { targets[target.name] ?? .waiting }

  var pending: Int { targets.values.filter { !$0.hasEnded }.count }
  var succeeded: Int { targets.values.filter(\.hasSucceeded).count }

  /// What the clocks of two functions may differ by.
  private static let skew = Duration.seconds(300)

  /// - Parameters:
  ///   - wanted: the targets that the event is about; the state has to be about the same.
  /// - Throws: ``Failure`` (`Event.Invalid`) that names what does not belong together.
  func require(_ wanted: [Target], _ vocabulary: Vocabulary, now: UnixTime) throws(Failure) {
    let names = Set(wanted.map(\.name))
    if let strange = targets.keys.filter({ !names.contains($0) }).min() {
      throw .event(
        "the event's field state names \"\(strange.shown(bytes: 80))\", which the event is not about; check wants what start gave"
      )
    }
    if let missing = names.filter({ targets[$0] == nil }).min() {
      throw .event(
        "the event's field state lacks the \(vocabulary.item) \(missing); check wants what start gave")
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
  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Word.self)
    let names = Set(fields.allKeys.map(\.stringValue))
    let items = decoder.vocabulary.items
    started = UnixTime(seconds: try fields.decode(Double.self, forKey: "started"))
    wait = try fields.decode(Int.self, forKey: "wait")
    targets = try fields.decode([String: TargetProgress].self, forKey: Word(items))
    guard names == ["started", "wait", items], started.seconds >= 0, Self.waits.contains(wait) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no state of a step"))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(started.seconds, forKey: "started")
    try fields.encode(wait, forKey: "wait")
    try fields.encode(targets, forKey: Word(encoder.vocabulary.items))
  }
}
