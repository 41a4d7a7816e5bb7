/// What was found out about one thing that has to be right.
struct Check: Sendable, Equatable, Encodable {
  /// The part of the verdict that it belongs to.
  enum Area: String, Sendable, Encodable {
    case ipsec, bgp, interfaces, ping
  }

  enum Health: String, Sendable, Encodable {
    case ok, fail, unknown
  }

  var area: Area
  /// E.g. `tunnel to nv-branch1`.
  var name: String
  var health: Health
  /// What was seen, in a few words.
  var seen: String
  /// Why it is not healthy, in words.
  var reason: String?
  /// What is worth knowing of a healthy one: how it was known, or what else was seen.
  var note: String?
  /// Whether it may become healthy without anybody doing anything.
  var mayComeUp = false

  private enum CodingKeys: CodingKey {
    case area, name, health, seen, reason, note
  }

  static func ok(_ area: Area, _ name: String, seen: String, note: String? = nil) -> Check {
    Check(area: area, name: name, health: .ok, seen: seen, note: note)
  }

  static func fail(_ area: Area, _ name: String, seen: String, _ reason: String, mayComeUp: Bool = false)
    -> Check
  {
    Check(area: area, name: name, health: .fail, seen: seen, reason: reason, mayComeUp: mayComeUp)
  }

  /// What can't be read is nothing that is known to be wrong; it is looked at again.
  static func unreadable(
    _ area: Area, _ name: String, _ error: Unreadable, health: Health = .fail
  ) -> Check {
    Check(
      area: area, name: name, health: health, seen: error.raw, reason: error.sentence,
      mayComeUp: !error.isFinal)
  }
}

/// The verdict over a router: healthy only if every check is.
struct Verdict: Sendable, Equatable {
  /// The most basic first: a cause stands before what it causes.
  var checks: [Check]
  /// Health by pinged address.
  var pings: [String: Check.Health]

  var isHealthy: Bool {
    !checks.isEmpty && checks.allSatisfy { $0.health == .ok } && pings.values.allSatisfy { $0 == .ok }
  }

  /// Whether everything that is wrong may still come up.
  var mayComeUp: Bool {
    !isHealthy && checks.allSatisfy { $0.health == .ok || $0.mayComeUp }
  }

  func health(of area: Check.Area) -> Check.Health {
    checks.contains { $0.area == area && $0.health != .ok } ? .fail : .ok
  }

  /// Why the router is not healthy, the most basic reason first; empty for a healthy one. What is wrong with
  /// several checks for the same reason is said once.
  var reasons: [String] {
    Self.sentences(checks.filter { $0.health != .ok }.map { ($0.name, $0.reason ?? "not healthy") })
  }

  /// What is worth knowing although it is well.
  var notes: [String] {
    Self.sentences(checks.compactMap { check in check.note.map { (check.name, $0) } })
  }

  private static func sentences(_ said: [(name: String, sentence: String)]) -> [String] {
    var names: [String: [String]] = [:]
    var order: [String] = []
    for (name, sentence) in said {
      if names[sentence] == nil { order.append(sentence) }
      names[sentence, default: []].append(name)
    }
    return order.map { "\((names[$0] ?? []).joined(separator: ", ")): \($0)" }
  }
}
