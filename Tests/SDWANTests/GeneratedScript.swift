import AWSClient
import SSMKit
import FleetTesting

@testable import SDWAN

/// A script as it would be sent, and what it holds.
struct GeneratedScript: Sendable {
  let router: Router
  let version: VyOSVersion
  let text: String
  let lines: [String]
  /// What is set in the router, whether it holds the secret or not.
  let settings: [String]

  init(router: Router, version: VyOSVersion, text: String) {
    self.router = router
    self.version = version
    self.text = text
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    settings = lines.filter { $0.hasPrefix("must_set ") || $0.hasPrefix("secretly_set ") }
      .map { String($0.drop { $0 != " " }.dropFirst()) }
  }

  static let image = RouterImage(
    bucket: "images", key: "vyos/1.3/lxd.tar.gz", region: .virginia, sha256: "")

  /// The three scripts of a router.
  static func all(
    of router: Router, in topology: Topology, _ hosts: [String: RandomNetwork.Host], _ version: VyOSVersion
  ) throws -> [GeneratedScript] {
    let scripts = Scripts(version: version)
    return [
      scripts.baseSetup(region: router.region, image: image, recreate: .always),
      scripts.vpn(
        region: router.region, try topology.configuration(of: router, hosts), confirmWithin: nil),
      scripts.rollback(region: router.region),
      scripts.verification(
        region: router.region, try topology.expectation(of: router, hosts, version), asksWhy: true),
    ].map { GeneratedScript(router: router, version: version, text: $0) }
  }

  /// Phase 2's script of a router.
  static func vpn(
    of router: Router, in topology: Topology, _ hosts: [String: RandomNetwork.Host], _ version: VyOSVersion
  ) throws -> GeneratedScript {
    let configuration = try topology.configuration(of: router, hosts)
    let text = Scripts(version: version).vpn(
      region: router.region, configuration, confirmWithin: nil)
    return GeneratedScript(router: router, version: version, text: text)
  }

  /// The values under a path, e.g. `vpn ipsec esp-group SDWAN-ESP lifetime`.
  func values(of path: String) -> [String] {
    let beginning = path + " "
    return settings.filter { $0.hasPrefix(beginning) }.map { String($0.dropFirst(beginning.count)) }
  }

  /// A read-only variable at the script's beginning, as bash reads it.
  func variable(_ name: String) throws -> String {
    let assignments = lines.prefix { !$0.hasSuffix("() {") && !$0.hasPrefix("set ") }
    let program = assignments.joined(separator: "\n") + "\nprintf %s \"$\(name)\""
    return try Shell("/bin/bash", ["-c", program]).stdout
  }
}

/// Generated networks, the dialects in turn, with phase 2's script of every router.
struct GeneratedNetwork: Sendable {
  let network: RandomNetwork
  let version: VyOSVersion
  let scripts: [GeneratedScript]

  /// Made once for all tests.
  private static let all = Result {
    var random = SeededGenerator("generated networks")
    return try (0..<RandomNetwork.cases).map { number in
      let network = try RandomNetwork(&random)
      let version = VyOSVersion.allCases[number % VyOSVersion.allCases.count]
      let scripts = try network.topology.routers.map {
        try GeneratedScript.vpn(of: $0, in: network.topology, network.hosts, version)
      }
      return GeneratedNetwork(network: network, version: version, scripts: scripts)
    }
  }

  static func forEachRouter(
    _ body: (_ script: GeneratedScript, Router, RandomNetwork, VyOSVersion) throws -> Void
  ) throws {
    for generated in try all.get() {
      for script in generated.scripts {
        try body(script, script.router, generated.network, generated.version)
      }
    }
  }
}

/// The three phases' scripts, with phase 1's usual time.
struct Scripts {
  private static let time = Duration.seconds(600)
  private static let secrets = NetworkSecrets(network: .network)

  let version: VyOSVersion

  func baseSetup(region: Region, image: RouterImage, recreate: Recreate) -> String {
    BaseSetupScript(
      version: version, secrets: Self.secrets, image: image, recreate: recreate, timeout: Self.time
    ).text(
      region: region)
  }

  func vpn(region: Region, _ configuration: VPNConfiguration, confirmWithin seconds: Int?) -> String {
    VPNScripts(version: version, secrets: Self.secrets, timeout: Self.time).vpn(
      region: region, configuration, confirmWithin: seconds, execution: "")
  }

  func rollback(region: Region) -> String {
    VPNScripts(version: version, secrets: Self.secrets, timeout: Self.time).rollback(
      region: region, execution: "0123456789abcdef")
  }

  /// The first command of a look at a router: of one with few tunnels there is no other.
  func verification(region: Region, _ expectation: SDWAN.Expectation, asksWhy: Bool) -> String {
    let parts = Questions.parts(tunnels: expectation.peers.count, version: version, asksWhy: asksWhy)
    return VerificationScript(version: version, timeout: Self.time).text(
      region: region, expectation, parts[0])
  }
}
