import SSMKit

extension RouterWork {
  /// What would be sent, and what it would change; nothing is changed.
  func plan(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let script = try script(router, config)
    switch settings.phase {
    case .phase1:
      return await asked(router, config, script, try planOfPhase1(config)) {
        output throws(Unreadable) in
        try PlannedChanges(phase1: output, wanted: BaseConfiguration.lines)
      }
    case .phase2:
      let configuration = try vpn(router, config)
      let wanted = configuration.lines(for: settings.version)
      // Phase 1 is only planned too: the router that is there is not the one that phase 2 would find.
      if input.planned[router.name]?.isEmpty == true {
        return .planned(script(), PlannedChanges(empty: wanted), config)
      }
      let question = PhaseScripts(version: settings.version, timeout: settings.timeout).plan(
        region: config.region, configuration)
      return await asked(router, config, script, question) { output throws(Unreadable) in
        try PlannedChanges(phase2: output, wanted: wanted)
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

  /// Asks the host, and reads what it says.
  private func asked(
    _ router: Router, _ config: InstanceConfig, _ script: @Sendable () -> String, _ question: String,
    _ read: (String) throws(Unreadable) -> PlannedChanges
  ) async -> RouterResult {
    let request = CommandRequest(
      instanceID: config.instanceID, region: config.region,
      document: .script(question, seconds: settings.timeout),
      comment:
        "plan \(settings.phase.rawValue) \(router.name.shown(bytes: 40)) \(requestID.shown(bytes: 36))",
      timeout: settings.timeout)
    var result = await runCommand.sendAndWait(request, latest: latest)
    guard result.status == .success else { return RouterResult(result) }
    result.stdout = PackedOutput.plain(result.stdout, limit: PackedOutput.largest)
    do throws(Unreadable) {
      var planned = RouterResult.planned(script(), try read(result.stdout), config)
      planned.commandID = result.commandID
      return planned
    } catch {
      result.status = .failed
      result.add(reason: "what would change is not known: \(error.sentence)")
      return RouterResult(result)
    }
  }
}
