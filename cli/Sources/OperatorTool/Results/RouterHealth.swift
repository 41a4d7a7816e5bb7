import Foundation
import Groundwork
import SDWAN

/// A router's last verdict in an operator's words.
struct RouterHealth: Encodable, Sendable {
  let router: String
  let isHealthy: Bool
  /// The phase that says so.
  let phase: String
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
  /// What an earlier phase failed with, in a line.
  let trouble: String?
  /// The execution that says so; nil of a verification by itself.
  let execution: String?
  /// The peers that it has told of, and whether the tunnel to each is up.
  let peers: [String: Bool]

  private enum CodingKeys: CodingKey {
    case router, isHealthy, phase, tunnels, sessions, interfaces, loss, checkedAt, cause, causedBy, trouble,
      execution
  }

  struct Count: Encodable, Sendable {
    var up: Int
    var all: Int

    var text: String { "\(up)/\(all)" }
  }

  /// - Parameter time: when it was said, where the result itself does not tell.
  init(
    _ router: String, _ result: RouterResult, phase: String = "phase3", execution: String? = nil,
    at time: UnixTime? = nil
  ) {
    let details = result.details
    self.router = router
    self.phase = phase
    self.execution = execution
    isHealthy = result.status == "Success"
    tunnels = Self.count("ipsec", "tunnel to ", details.checks)
    peers = Self.peers(details.checks)
    sessions = Self.count("bgp", "neighbor ", details.checks)
    interfaces = details.interfaces
    loss = details.numbers?.ping?.values.compactMap(\.loss).max()
    checkedAt = details.checkedAt ?? time.map { $0.utc.extended }
    cause = details.diagnosis?.cause.rawValue
    causedBy = details.diagnosis?.at
    trouble = phase == "phase3" ? nil : result.stderr.oneLine(limit: 300)
  }

  /// When it was looked at; nil where nobody said.
  var checked: UnixTime? {
    checkedAt.flatMap { text in
      let seconds = text.prefix { $0 != "." && $0 != "Z" } + "Z"
      return (try? Date(String(seconds), strategy: .iso8601)).map {
        UnixTime(seconds: $0.timeIntervalSince1970)
      }
    }
  }

  private static func peers(_ checks: [RouterResult.Check]?) -> [String: Bool] {
    let beginning = "tunnel to "
    let own = checks?.filter { $0.area == "ipsec" && $0.name.hasPrefix(beginning) } ?? []
    return Dictionary(own.map { (String($0.name.dropFirst(beginning.count)), $0.health == "ok") }) {
      $0 && $1
    }
  }

  /// How many tunnels there are, and how many are up: each once, whether one end has told of it or both. One that an end
  /// calls down is not up.
  static func tunnels(_ all: [RouterHealth]) -> Count {
    let told = all.flatMap { router in router.peers.map { (Set([router.router, $0.key]), $0.value) } }
    let tunnels = Dictionary(told) { $0 && $1 }
    return Count(up: tunnels.values.count { $0 }, all: tunnels.count)
  }

  private static func count(
    _ area: String, _ beginning: String, _ checks: [RouterResult.Check]?
  ) -> Count? {
    let own = checks?.filter { $0.area == area && $0.name.hasPrefix(beginning) } ?? []
    return own.isEmpty ? nil : Count(up: own.count { $0.health == "ok" }, all: own.count)
  }

  /// The failed first, of them those with a cause of their own, each by name.
  static func isBefore(_ one: RouterHealth, _ other: RouterHealth) -> Bool {
    (one.isHealthy ? 1 : 0, one.causedBy == nil ? 0 : 1, one.router)
      < (other.isHealthy ? 1 : 0, other.causedBy == nil ? 0 : 1, other.router)
  }
}
