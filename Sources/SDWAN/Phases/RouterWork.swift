import SSMKit

/// What a phase does for one router, from its parameters to its result.
struct RouterWork: Sendable {
  let settings: PhaseSettings
  let fleet: Fleet
  let runCommand: RunCommand
  let clock: Clock
  let requestID: String
  /// Monotonic time at which to stop.
  let latest: Double?

  func run(_ router: Router) async -> RouterResult {
    do throws(Fleet.Unknown) {
      let config = try fleet.config(of: router)
      switch settings.phase {
      case .phase1: return try await setUp(router, config)
      case .phase2: return try await configure(router, config)
      case .phase3: return try await verify(router, config)
      }
    } catch {
      return unknown(router, error.reason)
    }
  }

  private var scripts: PhaseScripts { PhaseScripts(version: settings.version) }

  private func send(_ script: String, _ router: Router, _ config: InstanceConfig) async -> CommandResult {
    let request = CommandRequest(
      instanceID: config.instanceID, region: config.region, script: script,
      comment: "\(settings.phase.rawValue) \(router.name.prefix(40)) \(requestID.prefix(36))",
      executionTimeout: settings.timeout)
    return await runCommand.sendAndWait(request, latest: latest)
  }

  // MARK: Phases 1 and 2

  private func setUp(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    guard let image = settings.image else { throw Fleet.Unknown(reason: "VYOS_S3_BUCKET is not set") }
    return configured(await send(scripts.baseSetup(region: config.region, image: image), router, config))
  }

  private func configure(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown)
    -> RouterResult
  {
    let peers = try fleet.peers(of: router)
    let configuration = VPNConfiguration(
      router: router, privateIP: config.outsidePrivateIP,
      peers: peers.map { .init(link: $0.link, eip: $0.eip, privateIP: $0.privateIP) })
    return configured(await send(scripts.vpn(region: config.region, configuration), router, config))
  }

  private func configured(_ result: CommandResult) -> RouterResult {
    var details = Details()
    if result.stdout.contains("sdwan: configuration committed") { details.configuration = "committed" }
    if result.stdout.contains("sdwan: configuration unchanged") { details.configuration = "unchanged" }
    return RouterResult(result, details: details)
  }

  // MARK: Phase 3

  private func verify(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult
  {
    let expectation = Expectation(
      router: router, privateIP: config.outsidePrivateIP,
      peers: try fleet.peers(of: router).map { .init(link: $0.link, eip: $0.eip, privateIP: $0.privateIP) },
      version: settings.version)
    let script = scripts.verification(region: config.region, expectation)
    let end = min(clock.monotonic() + settings.verifyTimeout, latest ?? .infinity)
    while true {
      let result = await send(script, router, config)
      let verdict =
        result.status == .success
        ? expectation.verdict(on: result.stdout)
        : expectation.verdictWithoutOutput(result.stderr.oneLine(limit: 300))
      let pause = Self.pause(of: settings.verifyTimeout)
      guard verdict.mayComeUp, clock.monotonic() + pause < end else { return judged(result, verdict) }
      do { try await clock.sleep(pause) } catch { return judged(result, verdict) }
    }
  }

  /// Seconds between two looks at a router.
  private static func pause(of verifyTimeout: Double) -> Double { min(max(verifyTimeout / 10, 0.1), 5) }

  private func judged(_ result: CommandResult, _ verdict: Verdict) -> RouterResult {
    var result = result
    if result.status == .success, !verdict.isHealthy {
      result.status = .failed
      for reason in verdict.reasons { result.add(reason: reason) }
    }
    return RouterResult(result, details: Details(verdict, checkedAt: now))
  }

  private var now: String { UTCDateTime(secondsSince1970: clock.wall()).extended }

  // MARK: No parameters

  private func unknown(_ router: Router, _ reason: String) -> RouterResult {
    guard settings.phase == .phase3 else { return .failed(reason) }
    let expectation = Expectation(
      router: router, privateIP: IPv4Address(bits: 0),
      peers: settings.topology.links(of: router).map {
        .init(link: $0, eip: IPv4Address(bits: 0), privateIP: IPv4Address(bits: 0))
      }, version: settings.version)
    return .failed(reason, details: Details(expectation.verdictWithoutOutput(reason), checkedAt: nil))
  }
}
