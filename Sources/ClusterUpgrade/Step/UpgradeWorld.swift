import AWSClient
import FleetKit
import Groundwork
import HTTPClient
import Orchestration

/// What the functions work with.
struct UpgradeWorld: Sendable {
  let settings: UpgradeSettings
  let clusters: Clusters
  let subnets: Subnets
  let zones: DNSZones
  let events: Events
  let health: HealthCheck
  let clock: Clock

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  init(_ services: FleetServices) throws(Failure) {
    let region = services.settings.region
    do throws(ConfigurationError) {
      settings = try UpgradeSettings(services.environment)
      clusters = try Clusters(in: region, services.dependencies)
      subnets = try Subnets(in: region, services.dependencies)
      zones = try DNSZones(region, services.dependencies)
      events = try Events(in: region, services.dependencies)
    } catch {
      throw Failure(error)
    }
    health = HealthCheck(send: services.dependencies.send)
    clock = services.clock
  }

  /// Tells the account's bus.
  /// - Returns: why something could not be told; nil where everything was.
  func tell(
    _ kinds: [UpgradeNotice.Kind], _ moment: UpgradeNotice.Moment, _ cluster: ClusterStep, phase: String,
    weight: Int? = nil
  ) async -> String? {
    guard !kinds.isEmpty else { return nil }
    var reasons: [String]?
    if case .failed(let why) = moment { reasons = why }
    let notices = kinds.map {
      UpgradeNotice.event($0, cluster, phase: phase, reasons: reasons, weight: weight)
    }
    do {
      try await events.put(notices, latest: cluster.latest)
      return nil
    } catch {
      let names = kinds.map(\.rawValue).joined(separator: ", ")
      return "the events \(names) were not sent: \("\(error)".oneLine(limit: 200))"
    }
  }
}

/// A call of which nothing is known leaves things as they are; a refusal ends them.
func asked<Value>(_ body: () async throws(FailedCall) -> Value) async throws(StepTrouble) -> Value {
  do throws(FailedCall) { return try await body() } catch { throw StepTrouble(error.error) }
}
