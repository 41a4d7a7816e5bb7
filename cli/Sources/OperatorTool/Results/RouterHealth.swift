import Foundation
import SDWAN

/// A router's last verdict in an operator's words.
struct RouterHealth: Encodable, Sendable {
  let router: String
  let isHealthy: Bool
  /// Of all that it has; nil where the result does not say.
  let tunnels: Count?
  let sessions: Count?
  let interfaces: String?
  /// The worst of its pings, in percent.
  let loss: Double?
  let checkedAt: String?
  let cause: String?
  /// The router that has the cause, where it is another one.
  let causedBy: String?

  struct Count: Encodable, Sendable {
    var up: Int
    var all: Int

    var text: String { "\(up)/\(all)" }
  }

  init(_ router: String, _ result: RouterResult) {
    let details = result.details
    self.router = router
    isHealthy = result.status == "Success"
    tunnels = Self.count("ipsec", "tunnel to ", details.checks)
    sessions = Self.count("bgp", "neighbor ", details.checks)
    interfaces = details.interfaces
    loss = details.numbers?.ping?.values.compactMap(\.loss).max()
    checkedAt = details.checkedAt
    cause = details.diagnosis?.cause.rawValue
    causedBy = details.diagnosis?.at
  }

  private static func count(
    _ area: String, _ beginning: String, _ checks: [RouterResult.Check]?
  ) -> Count? {
    let own = checks?.filter { $0.area == area && $0.name.hasPrefix(beginning) } ?? []
    return own.isEmpty ? nil : Count(up: own.count { $0.health == "ok" }, all: own.count)
  }
}
