import FleetKit
import Groundwork

/// What phase 3 has found out about a router.
struct VerificationDetails: TargetDetails {
  var ipsec: Check.Health?
  var bgp: Check.Health?
  var interfaces: Check.Health?
  var ping: [String: Check.Health]?
  /// Why the router is not healthy, in words.
  var reasons: [String]?
  /// What is worth knowing although it is well: how it was known, or what else was seen. Only where there is something.
  var notes: [String]?
  var checks: [Check]?
  /// Why the router is not healthy, the most basic cause; and the others, at most ``mostDiagnoses``.
  var diagnosis: Diagnosis?
  var furtherDiagnoses: [Diagnosis]?
  /// What the router counted and measured. Only where there is something.
  var numbers: Numbers?
  /// When the router was asked, in UTC.
  var checkedAt: String?

  enum CodingKeys: String, CodingKey {
    case ipsec, bgp, interfaces, ping, reasons, notes, checks, diagnosis, numbers
    case furtherDiagnoses = "further_diagnoses"
    case checkedAt = "checked_at"
  }

  static let mostDiagnoses = 10

  init() {}

  init(_ verdict: Verdict, checkedAt: String?) {
    ipsec = verdict.health(of: .ipsec)
    bgp = verdict.health(of: .bgp)
    interfaces = verdict.health(of: .interfaces)
    ping = verdict.pings
    reasons = verdict.reasons
    notes = verdict.notes.isEmpty ? nil : verdict.notes
    checks = verdict.checks
    numbers = verdict.numbers.isEmpty ? nil : verdict.numbers
    self.checkedAt = checkedAt
  }

  var cause: String? { diagnosis?.title }
  var hasOwnCause: Bool { diagnosis.map { $0.at == nil } ?? false }

  /// First the single checks go, which the outputs hold too, then words.
  static let shortenings: [@Sendable (inout VerificationDetails) -> Void] = [
    { $0.checks = $0.checks?.filter { $0.health != .ok } },
    { details in
      details.checks = nil
      details.numbers = nil
      details.notes = nil
      details.furtherDiagnoses = nil
    },
    { details in
      details.reasons = details.reasons?.prefix(1).map { $0.oneLine(limit: 60) }
      details.diagnosis = details.diagnosis?.cut()
    },
    { $0.keepWorstPings() },
    // The diagnosis has the most basic of them as its evidence.
    { $0.reasons = nil },
  ]

  /// Of a hub with very many tunnels only the worst pings stay.
  private mutating func keepWorstPings() {
    guard let pings = ping, pings.count > 4 else { return }
    let worstFirst = pings.sorted { ($0.value == .ok ? 1 : 0, $0.key) < ($1.value == .ok ? 1 : 0, $1.key) }
    ping = Dictionary(uniqueKeysWithValues: worstFirst.prefix(4).map { ($0.key, $0.value) })
  }
}
