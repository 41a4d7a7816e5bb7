import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// Phase 2: gives the routers IPsec and BGP.
public struct VPN: FleetFunction {
  /// `phase2`.
  public static let name = "phase2"
  /// The SD-WAN's words.
  public static let vocabulary = Vocabulary.network

  private let network: Network

  /// The network's regions.
  public var regions: [Region] { network.settings.regions }

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public init(_ services: FleetServices) throws(Failure) { network = try Network(services) }

  /// What an event asks for.
  public func work(for event: FleetEvent, latest: Deadline) async throws(Failure) -> any FleetWork {
    let wishes: NetworkEvent = try event.part()
    let planned = event.mode == .plan ? EarlierPlan.routers(in: event) : [:]
    let inventory = try await network.inventory(for: event, .keys, latest: latest)
    let scripts = VPNScripts(
      version: network.settings.version, secrets: network.settings.secrets, timeout: event.timeout)
    let work = VPNWork(
      inventory: inventory, scripts: scripts, execution: event.executionMark, confirm: wishes.confirm,
      verifyTimeout: network.settings.verifyTimeout)
    return switch event.mode {
    case .apply, .command: work
    case .plan: VPNPlan(work: work, planned: planned)
    case .rollback:
      VPNRollback(targets: inventory.targets, scripts: scripts, execution: event.executionMark)
    }
  }
}

/// Configures routers.
struct VPNWork: ConfigurationWork {
  let purpose = VPN.name
  let inventory: Inventory
  let scripts: VPNScripts
  /// The execution's mark; empty outside of one.
  let execution: String
  /// Whether a router goes back unless its tunnels come up.
  let confirm: Bool
  /// For how long tunnels that may still come up are waited for.
  let verifyTimeout: Duration

  var targets: [Target] { inventory.targets }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    guard said.isEmpty else { return nil }
    let (configuration, region) = (try configuration(of: target), try target.place().region)
    return .script(script(configuration, region), within: scripts.timeout)
  }

  func configuration(of target: Target) throws(Obstacle) -> VPNConfiguration {
    let (router, config) = try inventory.router(target)
    return VPNConfiguration(
      router: router, privateIP: config.outsidePrivateIP, peers: try inventory.peers(of: router),
      ownKeys: try inventory.ownKeys(in: router.region))
  }

  func script(_ configuration: VPNConfiguration, _ region: Region) -> String {
    let patience = Int(verifyTimeout.inSeconds)
    return scripts.vpn(
      region: region, configuration, confirmWithin: confirm ? patience : nil,
      wakeAfter: min(15, patience / 4, scripts.timeout.inWholeSeconds / 4), execution: execution)
  }
}

/// Asks routers what configuring them would change.
struct VPNPlan: PlanWork {
  /// Commands that a plan may take: more than a router with as many tunnels as it may have needs, all of them new.
  private static let mostCommands = 10

  let purpose = "plan \(VPN.name)"
  let work: VPNWork
  /// What phase 1's plan would do to the routers.
  let planned: [String: PlannedChanges.Container]

  var targets: [Target] { work.targets }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    guard !isNew(target), said.allSatisfy({ $0.status == .success }), wantsMore(said) else { return nil }
    let configuration = try work.configuration(of: target)
    let region = try target.place().region
    let first = said.count * PlannedChanges.mostLines + 1
    return .script(
      work.scripts.plan(region: region, configuration, from: first), within: work.scripts.timeout)
  }

  /// Whether there are lines that no command has told yet. What a host says of itself is believed as far as it may be.
  private func wantsMore(_ said: [CommandResult]) -> Bool {
    guard let last = said.last else { return true }
    let length = PlannedChanges.length(phase2: last.plainOutput) ?? 0
    return said.count < Self.mostCommands && said.count * PlannedChanges.mostLines < length
  }

  /// Phase 1 is only planned too: the router that is there is not the one that phase 2 would find.
  private func isNew(_ target: Target) -> Bool { planned[target.name]?.isEmpty == true }

  func script(for target: Target) throws(Obstacle) -> String {
    work.script(try work.configuration(of: target), try target.place().region)
  }

  func changes(on target: Target, _ outputs: [String]) throws(Unreadable) -> PlannedChanges {
    let wanted = (try? work.configuration(of: target).lines(for: work.scripts.version)) ?? []
    if isNew(target) { return PlannedChanges(empty: wanted) }
    return try PlannedChanges(phase2: outputs, wanted: wanted)
  }
}

/// Gives routers the configuration back that they had before an execution changed it.
struct VPNRollback: ConfigurationWork {
  let purpose = VPN.name
  let kind = "\(VPN.name) rollback"
  let targets: [Target]
  let scripts: VPNScripts
  /// The execution's mark; empty outside of one.
  let execution: String

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    guard said.isEmpty else { return nil }
    let region = try target.place().region
    return .script(scripts.rollback(region: region, execution: execution), within: scripts.timeout)
  }
}
