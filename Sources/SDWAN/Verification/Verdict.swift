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
  /// Whether it may become healthy without anybody doing anything.
  var mayComeUp = false

  private enum CodingKeys: CodingKey {
    case area, name, health, seen, reason
  }

  static func ok(_ area: Area, _ name: String, seen: String) -> Check {
    Check(area: area, name: name, health: .ok, seen: seen)
  }

  static func fail(_ area: Area, _ name: String, seen: String, _ reason: String, mayComeUp: Bool = false)
    -> Check
  {
    Check(area: area, name: name, health: .fail, seen: seen, reason: reason, mayComeUp: mayComeUp)
  }
}

/// The verdict over a router: healthy only if every check is.
struct Verdict: Sendable, Equatable {
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
    var names: [String: [String]] = [:]
    var order: [String] = []
    for check in checks where check.health != .ok {
      let reason = check.reason ?? "not healthy"
      if names[reason] == nil { order.append(reason) }
      names[reason, default: []].append(check.name)
    }
    return order.map { "\((names[$0] ?? []).joined(separator: ", ")): \($0)" }
  }
}
