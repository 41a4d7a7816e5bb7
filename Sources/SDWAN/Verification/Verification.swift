import AWSClient
import FleetKit
import Groundwork
import SSMKit

/// Phase 3: verifies that it all really works.
public struct Verification: FleetFunction {
  /// `phase3`.
  public static let name = "phase3"
  /// The SD-WAN's words.
  public static let vocabulary = Vocabulary.network

  private let network: Network
  private let clock: Clock

  /// The network's regions.
  public var regions: [Region] { network.settings.regions }

  /// - Throws: ``Failure`` (`Configuration.Invalid`) when a variable of the environment is wrong.
  public init(_ services: FleetServices) throws(Failure) {
    network = try Network(services)
    clock = services.clock
  }

  /// What an event asks for.
  public func work(for event: FleetEvent, latest: Deadline) async throws(Failure) -> any FleetWork {
    let _: NetworkEvent = try event.part()
    try event.requireNoRollback()
    let inventory = try await network.inventory(for: event, .peers, latest: latest)
    let work = VerificationWork(
      inventory: inventory,
      script: VerificationScript(version: network.settings.version, timeout: event.timeout),
      reached: event.reached, verifyTimeout: network.settings.verifyTimeout,
      measuresTunnels: network.settings.measuresTunnels, clock: clock, latest: latest)
    return event.mode == .plan ? VerificationPlan(work: work) : work
  }
}

/// Tells what verifying would send: nothing is asked, for nothing would change.
struct VerificationPlan: PlanWork {
  let purpose = "plan \(Verification.name)"
  let work: VerificationWork

  var targets: [Target] { work.targets }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? { nil }

  func script(for target: Target) throws(Obstacle) -> String {
    try work.scripts(for: target).joined(separator: "\n")
  }

  func changes(on target: Target, _ outputs: [String]) throws(Unreadable) -> PlannedChanges {
    PlannedChanges(empty: [])
  }
}
