import SSMKit

/// How far a phase has come between two short actions: as little as is needed to go on, because Step Functions
/// carries it from one to the next (about 60 bytes a router).
struct Progress: Equatable, Encodable {
  /// Seconds since 1970 at which the phase started.
  var started: Double
  /// Seconds to wait before the next look.
  var wait: Int
  var routers: [String: RouterProgress]

  /// Pauses between looks while nothing ends.
  private static let waits = [15, 30, 60]

  init(started: Double, routers: [String: RouterProgress]) {
    self.started = started
    self.routers = routers
    wait = Self.waits[0]
  }

  /// Progress after another look: the pause begins anew when a router has come to its end, and grows otherwise.
  func next(_ routers: [String: RouterProgress]) -> Progress {
    var next = Progress(started: started, routers: routers)
    let ended = { (all: [String: RouterProgress]) in all.values.filter(\.hasEnded).count }
    if ended(routers) == ended(self.routers) {
      next.wait = Self.waits.first { $0 > wait } ?? Self.waits[Self.waits.count - 1]
    }
    return next
  }

  /// Whether a router has not been sent anything yet.
  func isWaiting(_ router: Router) -> Bool { self[router] == .waiting }

  subscript(router: Router) -> RouterProgress { routers[router.name] ?? .waiting }

  var pending: Int { routers.values.filter { !$0.hasEnded }.count }
  var succeeded: Int { routers.values.filter(\.hasSucceeded).count }
}

/// What an event says of an earlier step is believed only in the form in which a step wrote it.
extension Progress: Decodable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let names = Set(fields.allKeys.map(\.stringValue))
    started = try fields.decode(Double.self, forKey: Key(stringValue: "started"))
    wait = try fields.decode(Int.self, forKey: Key(stringValue: "wait"))
    routers = try fields.decode([String: RouterProgress].self, forKey: Key(stringValue: "routers"))
    guard names == ["started", "wait", "routers"], started >= 0, Self.waits.contains(wait) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no state of a phase"))
    }
  }

  /// Seconds that the clocks of two functions may differ.
  private static let skew: Double = 300

  /// - Parameters:
  ///   - wanted: the routers that the event is about; the state has to be about the same.
  ///   - now: seconds since 1970.
  /// - Throws: ``PhaseError`` (`Event.Invalid`) that names what does not belong together.
  func require(_ wanted: [Router], now: Double) throws(PhaseError) {
    let names = Set(wanted.map(\.name))
    if let strange = routers.keys.filter({ !names.contains($0) }).min() {
      throw .event(
        "the event's field state names \"\(strange.shown(bytes: 80))\", which the event is not about; check wants what start gave"
      )
    }
    if let missing = names.filter({ routers[$0] == nil }).min() {
      throw .event("the event's field state lacks the router \(missing); check wants what start gave")
    }
    if started > now + Self.skew {
      throw .event(
        "the event's field state says that the phase starts in \(Int(min(started - now, 1e15))) s; check wants what start gave"
      )
    }
  }
}

/// How far one router has come.
enum RouterProgress: Equatable {
  /// Its host is not online yet; nothing was sent.
  case waiting
  /// A command, the how manieth of its kind it is, and in phase 3 whether it asks why there is no SA.
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
extension RouterProgress: Codable {
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
    DecodingError.dataCorruptedError(in: container, debugDescription: "no progress of a router")
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
