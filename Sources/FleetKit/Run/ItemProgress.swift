import SSMKit

/// How far one target has come: what a step has to know of it, and no more.
struct ItemProgress: Hashable, Sendable {
  /// Where it stands, with the letter that stands for it in a step's state.
  enum Stage: Character, Sendable, CaseIterable {
    /// The next command has not been sent.
    case waiting = "w"
    /// Nobody knows whether the command was sent: the history tells.
    case tried = "t"
    /// A command was sent.
    case running = "r"
    /// All is done, and well.
    case succeeded = "s"
    /// It is not well.
    case failed = "f"
    /// A command's time was over.
    case timedOut = "x"
    /// There was nothing to be asked.
    case unasked = "n"
    /// What the command needs was not known.
    case blocked = "b"
    /// AWS refused the command; the state has the words.
    case refused = "d"

    var hasEnded: Bool {
      switch self {
      case .waiting, .tried, .running: false
      case .succeeded, .failed, .timedOut, .unasked, .blocked, .refused: true
      }
    }

    /// Whether a command's end is behind it.
    var hasCommand: Bool { [.succeeded, .failed, .timedOut].contains(self) }

    init(_ status: CommandResult.Status) {
      switch status {
      case .success: self = .succeeded
      case .failed: self = .failed
      case .timedOut: self = .timedOut
      }
    }
  }

  var stage = Stage.waiting
  /// Which look at the target its command belongs to.
  var look = Look()
  /// Which of the look's commands.
  var part = 0
  /// Seconds from the step's beginning to its first command; 0 where that was sent at once.
  var begun = 0
  /// Which of the state's refusals it was.
  var refusal = 0

  /// Whether one of its commands has been sent, so that it is at work.
  var isAtWork: Bool { stage == .running || stage == .tried || (stage == .waiting && self != Self()) }

  /// What is known of a command's end.
  var status: CommandResult.Status? {
    switch stage {
    case .succeeded: .success
    case .failed: .failed
    case .timedOut: .timedOut
    default: nil
    }
  }
}

/// As text: the stage's letter, and behind it only what is not zero: the look's number, `?` where it asks for reasons, the
/// command's number behind a point, the beginning behind `@`, the refusal behind `#`.
extension ItemProgress {
  private static let longestNumber = 6

  var text: String {
    var text = String(stage.rawValue)
    if look.number > 0 { text += String(look.number) }
    if look.asksWhy { text += "?" }
    if part > 0 { text += ".\(part)" }
    if begun > 0 { text += "@\(begun)" }
    if refusal > 0 { text += "#\(refusal)" }
    return text
  }

  /// nil for anything that ``text`` would not be.
  init?(_ text: Substring) {
    var rest = text
    guard let letter = rest.popFirst(), let stage = Stage(rawValue: letter) else { return nil }
    self.stage = stage
    look.number = Self.number(&rest)
    if rest.first == "?" {
      look.asksWhy = true
      rest.removeFirst()
    }
    part = Self.number(&rest, behind: ".")
    begun = Self.number(&rest, behind: "@")
    refusal = Self.number(&rest, behind: "#")
    guard rest.isEmpty, self.text == text else { return nil }
  }

  private static func number(_ rest: inout Substring, behind sign: Character? = nil) -> Int {
    if let sign {
      guard rest.first == sign else { return 0 }
      rest.removeFirst()
    }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard digits.utf8.count <= longestNumber else { return 0 }
    rest.removeFirst(digits.count)
    return Int(digits) ?? 0
  }
}

/// Of many: each kind once, with how many there are in a row, e.g. `996r,3w,s2`.
extension [ItemProgress] {
  var text: String {
    var runs: [(count: Int, text: String)] = []
    for item in self {
      if let last = runs.last, last.text == item.text {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((1, item.text))
      }
    }
    return runs.map { $0.count == 1 ? $0.text : "\($0.count)\($0.text)" }.joined(separator: ",")
  }

  /// nil for anything that ``text`` would not be, and for more than a fleet has.
  init?(_ text: String, atMost most: Int) {
    self.init()
    for run in text.split(separator: ",", omittingEmptySubsequences: false) {
      let digits = run.prefix { $0.isASCII && $0.isNumber }
      guard let item = ItemProgress(run.dropFirst(digits.count)),
        let count = digits.isEmpty ? 1 : Int(digits), (1...most).contains(count), self.count + count <= most
      else { return nil }
      append(contentsOf: repeatElement(item, count: count))
    }
    guard self.text == text else { return nil }
  }
}
