import SSMKit

/// What a phase does for one router, from its parameters to its result.
struct RouterWork: Sendable {
  let settings: PhaseSettings
  let input: PhaseInput
  let fleet: Fleet
  let runCommand: RunCommand
  let managed: ManagedInstances
  /// Instances that are known to be online.
  let online: Set<InstanceID>
  let clock: Clock
  let requestID: String
  /// Monotonic time at which to stop.
  let latest: Double?

  func run(_ router: Router) async -> RouterResult {
    do throws(Fleet.Unknown) {
      let config = try fleet.config(of: router)
      if input.mode == .plan { return try await plan(router, config) }
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

  private func send(
    _ script: @autoclosure @escaping @Sendable () -> String, _ router: Router, _ config: InstanceConfig
  ) async -> CommandResult {
    let request = CommandRequest(
      instanceID: config.instanceID, region: config.region, script: script(),
      comment: "\(settings.phase.rawValue) \(router.name.prefix(40)) \(requestID.prefix(36))",
      executionTimeout: settings.timeout)
    return await runCommand.sendAndWait(request, latest: latest)
  }

  // MARK: Phases 1 and 2

  private func setUp(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let image = try image()
    let offline = await waitUntilOnline(config)
    var result = await send(baseScript(config, image), router, config)
    if result.commandID.isEmpty, let offline { result.add(reason: offline) }
    return configured(result)
  }

  private func image() throws(Fleet.Unknown) -> PhaseSettings.Image {
    guard let image = settings.image else { throw Fleet.Unknown(reason: "VYOS_S3_BUCKET is not set") }
    return image
  }

  private func baseScript(_ config: InstanceConfig, _ image: PhaseSettings.Image) -> String {
    scripts.baseSetup(region: config.region, image: image, recreate: input.recreate ?? settings.recreate)
  }

  /// Gives a host that is not online yet some time, though never more than a quarter of what is left.
  /// - Returns: in words what Systems Manager says of a host that stays away; whether it takes a command all
  ///   the same is the service's decision.
  private func waitUntilOnline(_ config: InstanceConfig) async -> String? {
    guard !online.contains(config.instanceID) else { return nil }
    let left = latest.map { max($0 - clock.monotonic(), 0) / 4 } ?? .infinity
    let limit = min(settings.onlineTimeout, left)
    let seen = await managed.waitUntilOnline(
      [config.instanceID], in: config.region, limit: limit, latest: latest)
    switch seen[config.instanceID] {
    case .offline(let status): return "its ping status was still \(status) after \(Int(limit.rounded())) s"
    case .unlisted: return "Systems Manager did not know it after \(Int(limit.rounded())) s"
    case .online, nil: return nil
    }
  }

  private func configure(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown)
    -> RouterResult
  {
    let configuration = try vpn(router, config)
    return configured(await send(vpnScript(configuration, config), router, config))
  }

  private func vpnScript(_ configuration: VPNConfiguration, _ config: InstanceConfig) -> String {
    scripts.vpn(
      region: config.region, configuration, confirmWithin: input.confirm ? Int(settings.verifyTimeout) : nil)
  }

  private func vpn(_ router: Router, _ config: InstanceConfig) throws(Fleet.Unknown) -> VPNConfiguration {
    VPNConfiguration(router: router, privateIP: config.outsidePrivateIP, peers: try fleet.peers(of: router))
  }

  // MARK: Plan

  /// What would be sent, and what it would change.
  private func plan(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let script: String
    var lines: [ConfigurationLine] = BaseConfiguration.lines
    switch settings.phase {
    case .phase1: script = baseScript(config, try image())
    case .phase2:
      let configuration = try vpn(router, config)
      lines = configuration.lines(for: settings.version)
      script = vpnScript(configuration, config)
    case .phase3:
      return .planned(
        scripts.verification(region: config.region, try expectation(router, config)), diff: [], config)
    }
    var result = await send(scripts.plan(region: config.region), router, config)
    guard result.status == .success else { return RouterResult(result) }
    result.stdout = PackedOutput.plain(result.stdout)
    do throws(Unreadable) {
      let diff = try ConfigurationDiff(
        wanted: lines, answers: Answers(output: result.stdout),
        recreate: settings.phase == .phase1 ? input.recreate ?? settings.recreate : nil)
      var planned = RouterResult.planned(script, diff: diff.lines, config)
      planned.commandID = result.commandID
      return planned
    } catch {
      result.status = .failed
      result.add(reason: "what would change is not known: show configuration commands: \(error.sentence)")
      return RouterResult(result)
    }
  }

  private func configured(_ result: CommandResult) -> RouterResult {
    var details = Details()
    if result.stdout.contains("sdwan: configuration committed") { details.configuration = "committed" }
    let unchanged = ["sdwan: configuration unchanged", "sdwan: the router is as wanted"]
    if unchanged.contains(where: result.stdout.contains) { details.configuration = "unchanged" }
    return RouterResult(result, details: details)
  }

  // MARK: Phase 3

  private func verify(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult
  {
    let expectation = try expectation(router, config)
    let end = min(clock.monotonic() + settings.verifyTimeout, latest ?? .infinity)
    while true {
      var result = await send(
        scripts.verification(region: config.region, expectation), router, config)
      result.stdout = PackedOutput.plain(result.stdout)
      let verdict =
        result.status == .success
        ? expectation.verdict(on: result.stdout)
        : expectation.verdictWithoutOutput(result.stderr.oneLine(limit: 300))
      let pause = Self.pause(of: settings.verifyTimeout)
      guard verdict.mayComeUp, clock.monotonic() + pause < end else { return judged(result, verdict) }
      do { try await clock.sleep(pause) } catch { return judged(result, verdict) }
    }
  }

  private func expectation(_ router: Router, _ config: InstanceConfig) throws(Fleet.Unknown) -> Expectation {
    Expectation(
      router: router, privateIP: config.outsidePrivateIP, peers: try fleet.peers(of: router),
      version: settings.version)
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
