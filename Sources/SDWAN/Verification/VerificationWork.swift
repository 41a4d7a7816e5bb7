import FleetKit
import Groundwork
import SSMKit

/// Asks routers whether it all really works, and judges what they say.
///
/// A look at a router is one command, or several where the answers are too long for one.
struct VerificationWork: FleetWork {
  /// How far behind the work's latest end answers are still judged: the last poll may end so late.
  private static let judgingTime = Duration.milliseconds(750)
  /// What one of several commands takes where most peers answer.
  private static let partTime = Duration.seconds(15)

  let purpose = Verification.name
  let inventory: Inventory
  let script: VerificationScript
  /// Where the network is rolled out in waves: the routers that have been done so far. A tunnel to any other is not
  /// expected to be up yet. nil means all.
  let reached: Set<String>?
  let verifyTimeout: Duration
  /// Whether CloudWatch is told of each tunnel.
  let measuresTunnels: Bool
  let clock: Clock
  let latest: Deadline

  var targets: [Target] { inventory.targets }

  func command(
    for target: Target, _ look: Look, after said: [CommandResult]
  ) throws(Obstacle) -> CommandDocument? {
    // Where the first one has failed nothing else is asked.
    guard said.first?.status ?? .success == .success else { return nil }
    let expectation = try expectation(target)
    let parts = questions(expectation, asksWhy: look.asksWhy)
    guard said.count < parts.count else { return nil }
    let (part, region) = (parts[said.count], try target.place().region)
    return .script(script.text(region: region, expectation, part), within: script.timeout)
  }

  func conclude(
    _ said: [CommandResult], of target: Target, _ look: Look
  ) throws(Obstacle) -> Conclusion<VerificationDetails> {
    judge(said, try expectation(target))
  }

  /// With what a look's further commands take.
  func patience(with target: Target) throws(Obstacle) -> Duration {
    guard verifyTimeout > .zero else { return verifyTimeout }
    let parts = questions(try expectation(target), asksWhy: false).count
    return verifyTimeout + Self.partTime * (parts - 1)
  }

  func details(of target: Target, without reason: String) -> VerificationDetails {
    guard let router = inventory.topology.router(named: target.name) else { return VerificationDetails() }
    let nowhere = IPv4Address(bits: 0)
    let expectation = Expectation(
      router: router, privateIP: nowhere,
      peers: inventory.topology.links(of: router).map { .init(link: $0, eip: nowhere, privateIP: nowhere) },
      version: script.version)
    return VerificationDetails(expectation.verdictWithoutOutput(reason), checkedAt: nil)
  }

  func completed(
    _ results: [String: TargetResult<VerificationDetails>]
  ) -> [String: TargetResult<VerificationDetails>] {
    Diagnosed.results(results, inventory.topology)
  }

  func measurements(of results: [String: TargetResult<VerificationDetails>]) -> [Measurement] {
    measuresTunnels ? TunnelMeasurements(topology: inventory.topology, results: results).all : []
  }

  // MARK: Questions

  /// What is expected: of the tunnels to routers that the rollout has reached.
  private func expectation(_ target: Target) throws(Obstacle) -> Expectation {
    let (router, config) = try inventory.router(target)
    let peers = try inventory.peers(of: router).filter { reached?.contains($0.link.peer.name) ?? true }
    return Expectation(
      router: router, privateIP: config.outsidePrivateIP, peers: peers, version: script.version)
  }

  private func questions(_ expectation: Expectation, asksWhy: Bool) -> [Questions] {
    Questions.parts(tunnels: expectation.peers.count, version: script.version, asksWhy: asksWhy)
  }

  /// What a look's commands run, in their order.
  func scripts(for target: Target) throws(Obstacle) -> [String] {
    let (expectation, region) = (try expectation(target), try target.place().region)
    return questions(expectation, asksWhy: false).map { script.text(region: region, expectation, $0) }
  }

  // MARK: The verdict

  /// The verdict on a look's answers.
  private func judge(_ said: [CommandResult], _ expectation: Expectation) -> Conclusion<VerificationDetails> {
    var result = said.first ?? CommandResult(.failed, stderr: "nothing was sent")
    let verdict = verdict(&result, Array(said.dropFirst()), expectation)
    if result.status == .success, !verdict.isHealthy {
      result.status = .failed
      for reason in verdict.reasons { result.add(reason: reason) }
    }
    let details = VerificationDetails(verdict, checkedAt: clock.wall().utc.extended)
    return Conclusion(
      TargetResult(result, details: details), mayComeUp: verdict.mayComeUp,
      lacksReasons: verdict.lacksReasons)
  }

  private func verdict(
    _ result: inout CommandResult, _ others: [CommandResult], _ expectation: Expectation
  ) -> Verdict {
    let limit = PackedOutput.limit(tunnels: expectation.peers.count)
    let outputs = [result.stdout] + others.map(\.stdout)
    guard result.status == .success else {
      result.stdout = PackedOutput.shown(outputs, limit: limit)
      return expectation.verdictWithoutOutput(result.stderr.oneLine(limit: 300))
    }
    guard !(latest + Self.judgingTime).hasCome(at: clock.now()) else {
      result.status = .timedOut
      result.add(reason: "the function's time was over before its answers were read")
      return expectation.verdictWithoutOutput(result.stderr.oneLine(limit: 300))
    }
    let troubles = others.enumerated().filter { $1.status != .success }.map { number, other in
      "part \(number + 2): \(other.stderr.oneLine(limit: 200))"
    }
    let verdict = expectation.verdict(
      on: Answers(
        packed: outputs, limit: limit,
        longest: PackedOutput.longestAnswer(tunnels: expectation.peers.count), troubles: troubles))
    result.stdout = PackedOutput.shown(outputs, limit: limit)
    return verdict
  }
}
