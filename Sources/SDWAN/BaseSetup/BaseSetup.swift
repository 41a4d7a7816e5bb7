import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// Phase 1: sets the hosts up, packages, LXD, and the router's container.
public struct BaseSetup: FleetFunction {
  /// `phase1`.
  public static let name = "phase1"
  /// The SD-WAN's words.
  public static let vocabulary = Vocabulary.network
  /// A new host's packages and image take their time.
  public static let standardTimeout = Duration.seconds(600)

  private let network: Network
  private let image: RouterImage

  /// The network's regions.
  public var regions: [Region] { network.settings.regions }

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public init(_ services: FleetServices) throws(Failure) {
    network = try Network(services)
    do throws(ConfigurationError) {
      image = try RouterImage(environment: services.environment)
    } catch {
      throw Failure(error)
    }
  }

  /// The network's routers: phase 1 admits its rollouts.
  public func roster(for event: FleetEvent, latest: Deadline) async throws(Failure) -> Roster? {
    let _: NetworkEvent = try event.part()
    return try await network.roster(latest: latest)
  }

  /// What an event asks for.
  public func work(for event: FleetEvent, latest: Deadline) async throws(Failure) -> any FleetWork {
    let wishes: NetworkEvent = try event.part()
    try event.requireNoRollback()
    let inventory = try await network.inventory(for: event, .routers, latest: latest)
    let script = BaseSetupScript(
      version: network.settings.version, secrets: network.settings.secrets, image: image,
      recreate: wishes.recreate ?? network.settings.recreate, timeout: event.timeout)
    return event.mode == .plan
      ? BaseSetupPlan(targets: inventory.targets, script: script)
      : BaseSetupWork(targets: inventory.targets, script: script)
  }
}

/// Sets hosts up.
struct BaseSetupWork: ConfigurationWork {
  let purpose = BaseSetup.name
  let waitsForHosts = true
  let targets: [Target]
  let script: BaseSetupScript

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    try script.command(for: target, after: said)
  }
}

/// Asks hosts what setting them up would do.
struct BaseSetupPlan: PlanWork {
  let purpose = "plan \(BaseSetup.name)"
  let targets: [Target]
  let script: BaseSetupScript

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    try script.command(for: target, after: said, isPlan: true)
  }

  func script(for target: Target) throws(Obstacle) -> String {
    script.text(region: try target.place().region)
  }

  func changes(on target: Target, _ outputs: [String]) throws(Unreadable) -> PlannedChanges {
    try PlannedChanges(phase1: outputs.first ?? "", wanted: BaseConfiguration.lines)
  }
}

extension BaseSetupScript {
  /// The one command that a host gets.
  fileprivate func command(
    for target: Target, after said: [CommandResult], isPlan: Bool = false
  ) throws(Obstacle) -> CommandDocument? {
    guard said.isEmpty else { return nil }
    let region = try target.place().region
    return .script(text(region: region, isPlan: isPlan), within: timeout)
  }
}
