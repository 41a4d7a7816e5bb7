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
  /// What it says about the cause; of every check that is not healthy.
  var finding: Finding?
  var layer: Layer
  var reach = Reach.itself

  private enum CodingKeys: CodingKey {
    case area, name, health, seen, reason, note
  }

  init(_ area: Area, _ name: String, _ health: Health, seen: String) {
    self.area = area
    self.name = name
    self.health = health
    self.seen = seen
    layer = area.layer
  }

  static func ok(_ area: Area, _ name: String, seen: String, note: String? = nil) -> Check {
    var check = Check(area, name, .ok, seen: seen)
    check.note = note
    return check
  }

  static func fail(
    _ area: Area, _ name: String, seen: String, _ reason: String, _ finding: Finding, mayComeUp: Bool = false
  ) -> Check {
    var check = Check(area, name, .fail, seen: seen)
    check.reason = reason
    check.finding = finding
    check.mayComeUp = mayComeUp
    return check
  }

  static func fail(
    _ area: Area, _ name: String, seen: String, _ reason: String, _ cause: Cause, mayComeUp: Bool = false
  ) -> Check {
    .fail(area, name, seen: seen, reason, Finding(cause), mayComeUp: mayComeUp)
  }

  /// What can't be read is nothing that is known to be wrong; it is looked at again.
  static func unreadable(
    _ area: Area, _ name: String, _ error: Unreadable, health: Health = .fail
  ) -> Check {
    var check = Check(area, name, health, seen: error.raw)
    check.reason = error.sentence
    check.finding = Finding(error.cause)
    check.mayComeUp = !error.isFinal
    if [.routerDown, .noAnswer].contains(error.cause) { check.layer = .host }
    return check
  }

  /// The same check, as one of a lower or higher layer, or with another reach.
  func on(_ layer: Layer, _ reach: Reach? = nil) -> Check {
    var check = self
    if check.layer != .host { check.layer = layer }
    check.reach = reach ?? check.reach
    return check
  }

  /// The same check, of a tunnel.
  func about(_ peer: Peer) -> Check {
    var check = self
    check.reach = .tunnel(peer.link.peer.name)
    return check
  }
}

extension Check.Area {
  /// Where most checks of it stand.
  fileprivate var layer: Layer {
    switch self {
    case .interfaces: .card
    case .ipsec: .tunnel
    case .bgp: .session
    case .ping: .path
    }
  }
}

/// The verdict over a router: healthy only if every check is.
struct Verdict: Sendable, Equatable {
  /// The most basic first: a cause stands before what it causes.
  var checks: [Check]
  /// Health by pinged address.
  var pings: [String: Check.Health]
  /// What was counted and measured.
  var numbers = Numbers()
  /// Whether a tunnel has no SA, and the router was not asked why.
  var lacksReasons = false

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
