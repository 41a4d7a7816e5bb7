import SSMKit

extension RouterWork {
  /// What would be sent, and what it would change; nothing is changed.
  func plan(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let script = try script(router, config)
    switch settings.phase {
    case .phase1:
      let question = try planOfPhase1(config)
      return await asked(router, config, script, { _ in question }) { outputs throws(Unreadable) in
        try PlannedChanges(phase1: outputs[0], wanted: BaseConfiguration.lines)
      }
    case .phase2:
      let configuration = try vpn(router, config)
      let wanted = configuration.lines(for: settings.version)
      // Phase 1 is only planned too: the router that is there is not the one that phase 2 would find.
      if input.planned[router.name]?.isEmpty == true {
        return .planned(script(), PlannedChanges(empty: wanted), config)
      }
      let scripts = PhaseScripts(version: settings.version, timeout: settings.timeout)
      return await asked(
        router, config, script, { scripts.plan(region: config.region, configuration, from: $0) }
      ) { outputs throws(Unreadable) in
        try PlannedChanges(phase2: outputs, wanted: wanted)
      }
    case .phase3:
      let scripts = try verificationScripts(router, config)
      return .planned(scripts.joined(separator: "\n"), PlannedChanges(empty: []), config)
    }
  }

  private func planOfPhase1(_ config: InstanceConfig) throws(Fleet.Unknown) -> String {
    guard let image = settings.image else { throw Fleet.Unknown(reason: "VYOS_S3_BUCKET is not set") }
    return PhaseScripts(version: settings.version, timeout: settings.timeout).baseSetup(
      region: config.region, image: image, recreate: input.recreate ?? settings.recreate, isPlan: true)
  }

  /// Asks the host, by further commands where one does not tell all lines, and reads what it says.
  private func asked(
    _ router: Router, _ config: InstanceConfig, _ script: @Sendable () -> String,
    _ question: (_ firstLine: Int) -> String, _ read: ([String]) throws(Unreadable) -> PlannedChanges
  ) async -> RouterResult {
    var outputs: [String] = []
    var result: CommandResult
    repeat {
      let told = outputs.count * PlannedChanges.mostLines
      result = await runCommand.sendAndWait(asking(question(told + 1), router, config), latest: latest)
      guard result.status == .success else { return RouterResult(result) }
      result.stdout = PackedOutput.plain(result.stdout, limit: PackedOutput.largest)
      outputs.append(result.stdout)
      // What a host says of itself is believed as far as it may be.
    } while outputs.count < Self.mostCommands
      && outputs.count * PlannedChanges.mostLines < PlannedChanges.length(phase2: result.stdout) ?? 0
    do throws(Unreadable) {
      var planned = RouterResult.planned(script(), try read(outputs), config)
      planned.commandID = result.commandID
      return planned
    } catch {
      result.status = .failed
      result.add(reason: "what would change is not known: \(error.sentence)")
      return RouterResult(result)
    }
  }

  /// Commands that a plan may take: more than a router with as many tunnels as it may have needs, all of them new.
  private static let mostCommands = 10

  private func asking(_ question: String, _ router: Router, _ config: InstanceConfig) -> CommandRequest {
    CommandRequest(
      instanceID: config.instanceID, region: config.region,
      document: .script(question, seconds: settings.timeout),
      comment:
        "plan \(settings.phase.rawValue) \(router.name.shown(bytes: 40)) \(requestID.shown(bytes: 36))",
      timeout: settings.timeout)
  }
}
