import AWSClient
import FleetKit
import Groundwork

/// What a router answered to phase 3's questions: the text and exit status of each, by its name.
struct Answers: Sendable, Equatable {
  struct Answer: Sendable, Equatable {
    var status: Int
    var text: String
  }

  private(set) var byName: [String: Answer] = [:]
  /// Why answers are missing, where that is known.
  private(set) var troubles: [String] = []

  /// Reads the output of `phase3.sh`. An answer whose end mark is missing (the output was cut), or that is
  /// there twice, does not count.
  init(output: String) {
    self.init(packed: [output], limit: PackedOutput.largest, longest: PackedOutput.largest)
  }

  /// Joins what several commands have answered; packed outputs are unpacked.
  /// - Parameters:
  ///   - outputs: what the commands have printed. One that can't be unpacked holds no answer. What two have answered is
  ///     there twice.
  ///   - limit: bytes of plain text that one of them is believed.
  ///   - longest: bytes of one answer that are believed.
  ///   - troubles: why answers are missing, as far as it is known already.
  init(packed outputs: [String], limit: Int, longest: Int, troubles: [String] = []) {
    self.troubles = troubles
    var spoilt: Set<String> = []
    for output in outputs {
      var reader = AnswerReader(longest: longest)
      if let trouble = PackedOutput.read(output, limit: limit, { reader.read($0) }) {
        self.troubles.append(trouble.description)
        continue
      }
      let answers = reader.end()
      spoilt.formUnion(answers.keys.filter { byName[$0] != nil })
      byName.merge(answers) { first, _ in first }
    }
    for name in spoilt { byName[name] = nil }
  }

  /// - Throws: ``Unreadable`` when there is no whole answer, or the command failed.
  func text(of name: String) throws(Unreadable) -> String {
    guard let answer = byName[name] else { throw missing(name) }
    guard answer.status == 0 else { throw Unreadable(failed: answer, complaint: complaint(of: name)) }
    return answer.text
  }

  /// What is said of an answer that is not there.
  func missing(_ name: String) -> Unreadable {
    let why = troubles.isEmpty ? "" : ": " + troubles.joined(separator: "; ")
    return Unreadable("the router's output holds no whole answer to \(name)\(why)")
  }

  /// What the command wrote to its standard error: warnings of every tool on the way, and causes.
  func complaint(of name: String) -> String { byName["\(name).stderr"]?.text ?? "" }
}

/// An answer that says nothing: the command failed, or what it printed has no known form.
struct Unreadable: Error, Equatable {
  /// In words.
  var reason: String
  /// The last line of what was printed instead, where programs say why; shortened.
  var raw: String
  /// Whether asking again can't help. A daemon that is restarting, or a table that is just changing, can be read a
  /// moment later.
  var isFinal: Bool
  /// What that is, as far as the text was understood.
  var cause: Cause

  init(_ reason: String, raw: String = "", isFinal: Bool = false, cause: Cause = .unreadable) {
    self.reason = reason
    self.raw = Self.lastWords(of: raw)
    self.isFinal = isFinal
    self.cause = cause
  }

  init(failed answer: Answers.Answer, complaint: String = "") {
    let reason =
      switch answer.status {
      // What `timeout` and `ask` give.
      case 124: "no answer in time"
      case 125: "an answer without end, cut on the host"
      default: "the command ended with exit status \(answer.status)"
      }
    self.init(reason, raw: answer.text + "\n" + complaint)
    understand(answer.text + "\n" + complaint)
  }

  /// Takes the words that programs on the way say for what they mean, so that nobody reads of a text's form where
  /// its meaning is known.
  mutating func understand(_ words: String) {
    guard cause == .unreadable else { return }
    for line in words.plainLines {
      guard let (reason, cause) = Self.meaning(of: line) else { continue }
      self = Unreadable(reason, raw: line, cause: cause)
      return
    }
  }

  private static func meaning(of line: String) -> (reason: String, cause: Cause)? {
    let lowered = line.lowercased()
    func says(_ words: String...) -> Bool { words.contains { lowered.contains($0) } }
    if says("instance is not running", "instance not found") || lowered.hasSuffix("error: not found") {
      return ("the router's container is not running", .routerDown)
    }
    if says("unix.socket", "failed to run command 'lxc'", "failed to run command ‘lxc’") {
      return ("the host's LXD does not answer", .noAnswer)
    }
    if lowered.hasSuffix("is not running") || lowered.hasSuffix("process not running") {
      let name = lowered.words.first.map(String.init) ?? ""
      return ("\(daemons[name] ?? "the daemon \(name)") is not running", .serviceDown)
    }
    if says("failed to connect to any daemons") { return ("no routing daemon is running", .serviceDown) }
    if says("operation not permitted", "permission denied") {
      return ("the router may not do that", .notPermitted)
    }
    return nil
  }

  private static let daemons = [
    "bgpd": "the BGP daemon", "zebra": "the routing daemon", "ipsec": "the IPsec daemon",
  ]

  static func lastWords(of text: String) -> String { (text.plainLines.last ?? "").oneLine(limit: 200) }

  var sentence: String { raw.isEmpty ? reason : "\(reason): \(raw)" }
}

extension StringProtocol {
  /// Words parted by spaces and tabs.
  var words: [SubSequence] { split { $0 == " " || $0 == "\t" } }
}
