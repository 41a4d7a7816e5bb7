import SSMKit

extension RouterWork {
  /// What would be sent, and what it would change; nothing is changed.
  func plan(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let script = try script(router, config)
    let wanted: [ConfigurationLine]
    switch settings.phase {
    case .phase1: wanted = BaseConfiguration.lines
    case .phase2: wanted = try vpn(router, config).lines(for: settings.version)
    case .phase3:
      let scripts = try verificationScripts(router, config)
      return .planned(scripts.joined(separator: "\n"), diff: [], config)
    }
    var result = await runCommand.sendAndWait(look(router, config), latest: latest)
    guard result.status == .success else { return RouterResult(result) }
    result.stdout = PackedOutput.plain(result.stdout, limit: PackedOutput.largest)
    do throws(Unreadable) {
      let diff = try ConfigurationDiff(
        wanted: wanted, answers: Answers(output: result.stdout),
        recreate: settings.phase == .phase1 ? input.recreate ?? settings.recreate : nil)
      var planned = RouterResult.planned(script(), diff: diff.lines, config)
      planned.commandID = result.commandID
      return planned
    } catch {
      result.status = .failed
      result.add(reason: "what would change is not known: show configuration commands: \(error.sentence)")
      return RouterResult(result)
    }
  }

  /// A command that tells what is there.
  private func look(_ router: Router, _ config: InstanceConfig) -> CommandRequest {
    CommandRequest(
      instanceID: config.instanceID, region: config.region,
      document: .script(
        PhaseScripts(version: settings.version, timeout: settings.timeout).plan(region: config.region), seconds: settings.timeout),
      comment:
        "plan \(settings.phase.rawValue) \(router.name.shown(bytes: 40)) \(requestID.shown(bytes: 36))",
      timeout: settings.timeout)
  }
}
