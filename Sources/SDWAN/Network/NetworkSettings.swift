import AWSClient
import FleetKit
import Groundwork

/// What the environment says about the network.
struct NetworkSettings: Sendable {
  /// What the names of all that belongs to the network begin with.
  var name: DeploymentName
  var prefix: ParameterPrefix
  var regions: [Region]
  var topology: TopologySource
  var version: VyOSVersion
  /// For how long phase 3 looks again at a state that may still come up.
  var verifyTimeout: Duration
  /// What only hosts read.
  var secrets: NetworkSecrets { NetworkSecrets(network: name) }
  /// What phase 1 does with an existing router where the event does not say.
  var recreate: Recreate
  /// Whether phase 3 tells CloudWatch of each tunnel.
  var measuresTunnels: Bool
  /// Whether tunnels may have keys of their own, or all have the common one.
  var hasOwnKeys: Bool

  /// - Throws: ``ConfigurationError`` that names the variable, its value and what is allowed.
  init(environment: @escaping Environment) throws(ConfigurationError) {
    let read = Variables(environment)
    name = try read("SDWAN_NAME", or: .network, DeploymentName.allowed) { DeploymentName($0) }
    prefix = try read("SSM_PARAM_PREFIX", or: ParameterPrefix(of: name), "a path like /sdwan/") {
      ParameterPrefix($0)
    }
    regions = try read("SDWAN_REGIONS", or: [.virginia, .frankfurt], "different regions parted by commas") {
      Self.regions($0)
    }
    version = try read("VYOS_VERSION", or: .v1_3, "1.3, 1.4 or 1.5") { VyOSVersion(rawValue: $0) }
    verifyTimeout = try read.seconds(
      "SDWAN_VERIFY_TIMEOUT", or: .seconds(60), 0...3600, "seconds from 0 to 3600")
    recreate = try read("SDWAN_RECREATE", or: .changed, "always, changed or never") { Recreate(rawValue: $0) }
    hasOwnKeys = try read("SDWAN_TUNNEL_KEYS", or: false, "common or own") {
      ["common": false, "own": true][$0]
    }
    measuresTunnels = try read("SDWAN_TUNNEL_METRICS", or: false, "true or false") { Bool($0) }
    topology = try Self.topology(environment)
    try Self.requireOnePartition(regions, environment)
  }

  private static func regions(_ text: String) -> [Region]? {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let regions = names.compactMap { Region(String($0.trimmingSpaces)) }
    return regions.count == names.count && Set(regions).count == regions.count ? regions : nil
  }

  /// The function's credentials are of the partition in which it runs, and worth nothing in another.
  private static func requireOnePartition(
    _ regions: [Region], _ environment: Environment
  ) throws(ConfigurationError) {
    guard let own = environment("AWS_REGION").flatMap({ Region($0) }) else { return }
    let partition = Partition(of: own)
    guard regions.contains(where: { Partition(of: $0) != partition }) else { return }
    throw ConfigurationError(
      "SDWAN_REGIONS", value: environment("SDWAN_REGIONS"),
      allowed:
        "regions of \(partition.name), the partition of the function and its credentials (AWS_REGION is \(own))"
    )
  }

  private static func topology(_ environment: Environment) throws(ConfigurationError) -> TopologySource {
    let variable = "SDWAN_TOPOLOGY"
    do throws(TopologyError) {
      return try TopologySource(environment(variable))
    } catch {
      throw ConfigurationError(
        variable, value: environment(variable),
        allowed: "a topology as JSON or an s3://bucket/key URI, but: \(error.description)")
    }
  }
}

extension DeploymentName {
  /// `sdwan`.
  package static let network = DeploymentName(known: "sdwan")
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var text = drop { $0 == " " }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
