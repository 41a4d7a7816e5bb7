import Groundwork
import SSMKit

/// What phase 1 or 2 would change on a host, as a plan's script tells it.
struct PlannedChanges: Sendable, Equatable {
  /// What phase 1 would do to the router.
  enum Container: String, Sendable, Codable {
    /// There is none: it is made.
    case new
    /// The one that is there is deleted, with all that is configured in it, and made anew.
    case anew
    /// It is as it should be, but stopped.
    case started
    /// It is as it should be and left alone.
    case kept

    /// Whether the router that phase 2 finds is an empty one.
    var isEmpty: Bool { self == .new || self == .anew }
  }

  /// `+ PATH` is set, `- PATH` is deleted with all below it, `~ PATH` is a secret that is another one; the container's own
  /// lines come first.
  var lines: [String] = []
  /// Somebody else's settings beside ours, which stay.
  var foreign: [String] = []
  /// What would be done to the router; nil where nobody says.
  var container: Container?

  /// The plan of phase 1.
  /// - Parameters:
  ///   - output: what the host printed.
  ///   - wanted: what a new router is given.
  /// - Throws: ``Unreadable`` when the host said nothing of its router.
  init(phase1 output: String, wanted: [ConfigurationLine]) throws(Unreadable) {
    let made = ["+ container router"] + wanted.map { "+ \($0.shown)" }
    switch try Found(output) {
    case .absent: (container, lines) = (.new, made)
    case .unwanted: (container, lines) = (.anew, ["- container router"] + made)
    case .stopped: (container, lines) = (.started, ["~ container router is started"])
    case .running: (container, lines) = (.kept, [])
    }
  }

  /// Lines that one command tells of phase 2's plan: packed each takes 9 characters of the 24,000 that Run Command keeps, where
  /// names and addresses have nothing in common.
  static let mostLines = 2000

  /// How many lines phase 2's plan has, as each of the commands says that tell it; nil where the host did not say.
  static func length(phase2 output: String) -> Int? {
    let text = try? Answers(output: output).text(of: "plan-lines")
    return text?.plainLines.first.flatMap { Int($0) }
  }

  /// Commands that a plan may take: more than a router with as many tunnels as it may have needs, all of them new.
  private static let mostCommands = 10

  /// The first of phase 2's lines that no command has told yet, counted from 1. What a host says of itself is believed as
  /// far as it may be.
  /// - Parameter said: how the commands so far have ended.
  /// - Returns: nil where there are no more, or one has failed.
  static func nextLine(after said: [CommandResult]) -> Int? {
    let told = said.count * mostLines
    guard let last = said.last else { return 1 }
    guard said.allSatisfy({ $0.status == .success }), said.count < mostCommands,
      told < length(phase2: last.plainOutput) ?? 0
    else { return nil }
    return told + 1
  }

  /// The plan of a rollback.
  /// - Parameter outputs: as of ``init(phase2:wanted:)``.
  /// - Throws: ``Unreadable``, also where there is no router.
  init(rollback outputs: [String]) throws(Unreadable) {
    guard try Found(outputs.first ?? "") != .absent else {
      throw Unreadable("there is no router, so there is nothing to go back to", isFinal: true)
    }
    try self.init(phase2: outputs, wanted: [])
  }

  /// The plan of phase 2.
  /// - Parameter outputs: what the commands have printed, each of which tells some of the lines.
  /// - Throws: ``Unreadable`` when the host said nothing of its router, the router nothing of its configuration, or the
  ///   commands don't belong together.
  init(phase2 outputs: [String], wanted: [ConfigurationLine]) throws(Unreadable) {
    switch try Found(outputs.first ?? "") {
    case .absent: lines = wanted.map { "+ \($0.shown)" }
    case .stopped, .unwanted:
      throw Unreadable("the router is stopped, so its configuration is not known", isFinal: true)
    case .running:
      var told: [String] = []
      for output in outputs {
        told += try Answers(output: output).text(of: "plan").filledLines.filter { $0.hasPrefix("plan ") }
          .map { String($0.dropFirst(5)) }
      }
      guard outputs.allSatisfy({ Self.length(phase2: $0) == told.count }) else {
        throw Unreadable(
          "the router's configuration has changed while it was compared, or not all of it was told")
      }
      lines = told.filter { !$0.hasPrefix("= ") }
      foreign = told.filter { $0.hasPrefix("= ") }.map { String($0.dropFirst(2)) }
    }
  }

  /// What phase 2 sets in a router that knows nothing yet.
  init(empty wanted: [ConfigurationLine]) {
    lines = wanted.map { "+ \($0.shown)" }
  }

  /// What a host found.
  private enum Found: String {
    case running, stopped, absent
    /// Phase 1: not as it should be.
    case unwanted

    init(_ output: String) throws(Unreadable) {
      let mark = "sdwan: plan: the router is "
      guard let line = output.filledLines.first(where: { $0.hasPrefix(mark) }),
        let found = Self(rawValue: String(line.dropFirst(mark.count)))
      else { throw Unreadable("the host did not say what there is of a router", raw: output) }
      self = found
    }
  }
}
