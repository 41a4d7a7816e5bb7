import SSMKit

/// What a phase does for one router: the command that it sends, and what the command's end means.
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

  /// What a command's end means.
  struct Conclusion {
    var result: RouterResult
    /// Whether another look may find a better state.
    var mayComeUp = false
    /// Whether another look should ask why, because a tunnel has no SA and this one did not.
    var lacksReasons = false
  }

  /// The whole phase for a router, to its end.
  func run(_ router: Router) async -> RouterResult {
    do throws(Fleet.Unknown) {
      let config = try fleet.config(of: router)
      switch (settings.phase, input.mode) {
      case (_, .plan): return try await plan(router, config)
      case (.phase1, _): return try await setUp(router, config)
      case (.phase2, _), (_, .command): return try await send(router, config, attempt: 0).result
      case (.phase3, _): return try await verify(router, config)
      }
    } catch {
      return unknown(router, error.reason)
    }
  }

  private func send(
    _ router: Router, _ config: InstanceConfig, attempt: Int, asksWhy: Bool = false
  ) async throws(Fleet.Unknown) -> Conclusion {
    let request = try request(router, config, attempt: attempt, asksWhy: asksWhy)
    let first = await runCommand.sendAndWait(request, latest: latest)
    let others = try await otherParts(router, config, first, asksWhy: asksWhy)
    return try conclude(first, others: others, router, config)
  }

  // MARK: The command

  /// Seconds that a command may take. In steps nothing but the time of the whole phase limits it.
  var timeout: Int { eventTimeout ?? settings.timeout }

  private var eventTimeout: Int? { input.action == .run && input.command == nil ? nil : input.timeout }

  /// - Parameters:
  ///   - attempt: how many commands of the phase the router has had before.
  ///   - asksWhy: phase 3, whether the router is asked why it has no SA.
  /// - Throws: ``Fleet/Unknown`` when what the script needs is not known.
  func request(
    _ router: Router, _ config: InstanceConfig, attempt: Int, asksWhy: Bool = false
  ) throws(Fleet.Unknown) -> CommandRequest {
    let name = input.work(of: settings.phase)
    let about = "\(name) \(router.name.shown(bytes: 40))"
    let mark = input.run?.mark(name, router, attempt: attempt)
    return request(about, try document(router, config, asksWhy: asksWhy), mark, config)
  }

  /// - Parameter mark: what an earlier attempt's command is found by; nil outside of an execution.
  func request(
    _ about: String, _ document: CommandDocument, _ mark: CommandMark?, _ config: InstanceConfig
  ) -> CommandRequest {
    CommandRequest(
      instanceID: config.instanceID, region: config.region, document: document,
      comment: mark == nil ? "\(about) \(requestID.shown(bytes: 36))" : about,
      mark: mark, mayBeSent: input.run?.mayBeSent ?? false, timeout: timeout,
      timeoutName: eventTimeout == nil ? "SSM_TIMEOUT" : "timeout")
  }

  private func document(
    _ router: Router, _ config: InstanceConfig, asksWhy: Bool
  ) throws(Fleet.Unknown) -> CommandDocument {
    if let command = input.command {
      return .named(command.document, command.parameters, seconds: timeout)
    }
    let script = try script(router, config, asksWhy: asksWhy)
    return .script(script(), seconds: timeout)
  }

  /// The phase's script, made when it is wanted.
  func script(
    _ router: Router, _ config: InstanceConfig, asksWhy: Bool = false
  ) throws(Fleet.Unknown) -> @Sendable () -> String {
    let scripts = PhaseScripts(version: settings.version, timeout: timeout)
    let region = config.region
    switch settings.phase {
    case .phase1:
      guard let image = settings.image else { throw Fleet.Unknown(reason: "VYOS_S3_BUCKET is not set") }
      let recreate = input.recreate ?? settings.recreate
      return { scripts.baseSetup(region: region, image: image, recreate: recreate) }
    case .phase2:
      let execution = input.run.map { CommandMark.execution($0.execution) } ?? ""
      if input.mode == .rollback { return { scripts.rollback(region: region, execution: execution) } }
      let configuration = try vpn(router, config)
      let patience = Int(settings.verifyTimeout)
      let seconds = input.confirm ? patience : nil
      let wakeAfter = min(15, patience / 4, timeout / 4)
      return {
        scripts.vpn(
          region: region, configuration, confirmWithin: seconds, wakeAfter: wakeAfter,
          execution: execution)
      }
    case .phase3:
      let expectation = try expectation(router, config)
      let questions = questions(expectation, asksWhy: asksWhy)[0]
      return { scripts.verification(region: region, expectation, questions) }
    }
  }

  func vpn(_ router: Router, _ config: InstanceConfig) throws(Fleet.Unknown) -> VPNConfiguration {
    VPNConfiguration(router: router, privateIP: config.outsidePrivateIP, peers: try fleet.peers(of: router))
  }

  /// What phase 3 expects: of the tunnels to routers that the rollout has reached.
  func expectation(_ router: Router, _ config: InstanceConfig) throws(Fleet.Unknown) -> Expectation {
    let peers = try fleet.peers(of: router).filter { input.reached?.contains($0.link.peer.name) ?? true }
    return Expectation(
      router: router, privateIP: config.outsidePrivateIP, peers: peers, version: settings.version)
  }

  // MARK: Its end

  /// What a command's end means for its router.
  /// - Parameter others: the further commands of the same look.
  func conclude(
    _ result: CommandResult, others: [CommandResult] = [], _ router: Router, _ config: InstanceConfig
  ) throws(Fleet.Unknown) -> Conclusion {
    if input.command != nil { return Conclusion(result: RouterResult(result)) }
    guard settings.phase == .phase3 else { return Conclusion(result: configured(result)) }
    return judge(result, others, try expectation(router, config))
  }

  private func configured(_ result: CommandResult) -> RouterResult {
    var details = Details()
    if result.stdout.contains("sdwan: configuration committed") { details.configuration = "committed" }
    if result.stdout.contains("sdwan: configuration restored") { details.configuration = "restored" }
    let unchanged = ["sdwan: configuration unchanged", "sdwan: the router is as wanted"]
    if unchanged.contains(where: result.stdout.contains) { details.configuration = "unchanged" }
    return RouterResult(result, details: details)
  }

  /// The result of a router whose parameters are missing.
  func unknown(_ router: Router, _ reason: String) -> RouterResult {
    guard settings.phase == .phase3, input.command == nil else { return .failed(reason) }
    let nowhere = IPv4Address(bits: 0)
    let expectation = Expectation(
      router: router, privateIP: nowhere,
      peers: fleet.links(of: router).map { .init(link: $0, eip: nowhere, privateIP: nowhere) },
      version: settings.version)
    return .failed(reason, details: Details(expectation.verdictWithoutOutput(reason), checkedAt: nil))
  }

  // MARK: Phases that wait

  private func setUp(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let offline = await waitUntilOnline(config)
    var result = try await send(router, config, attempt: 0).result
    if result.commandID.isEmpty, let offline {
      result.stderr += "\n\(offline)"
    }
    return result
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

  /// Looks again for a while at a state that may still come up, and once more where it is not known why it is as it
  /// is.
  private func verify(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult
  {
    let end = min(try clock.monotonic() + lookingTime(router, config), latest ?? .infinity)
    // Between two looks at a router.
    let pause = min(max(settings.verifyTimeout / 10, 0.1), 5)
    var (attempt, asksWhy) = (0, false)
    while true {
      let conclusion = try await send(router, config, attempt: attempt, asksWhy: asksWhy)
      let isLate = clock.monotonic() + pause >= end
      let isOpen = conclusion.lacksReasons && !asksWhy && clock.monotonic() + pause < latest ?? .infinity
      guard conclusion.mayComeUp && !isLate || isOpen else { return conclusion.result }
      do { try await clock.sleep(pause) } catch { return conclusion.result }
      attempt += 1
      asksWhy = conclusion.lacksReasons || asksWhy
    }
  }
}
