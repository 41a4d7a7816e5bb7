import SSMKit

extension RouterWork {
  /// What would be sent, and what it would change; nothing is changed.
  func plan(_ router: Router, _ config: InstanceConfig) async throws(Fleet.Unknown) -> RouterResult {
    let script = try script(router, config)
    let wanted: [ConfigurationLine]
    switch settings.phase {
    case .phase1: wanted = BaseConfiguration.lines
    case .phase2: wanted = try vpn(router, config).lines(for: settings.version)
    case .phase3: return .planned(script(), diff: [], config)
    }
    var result = await runCommand.sendAndWait(look(router, config), latest: latest)
    guard result.status == .success else { return RouterResult(result) }
    result.stdout = PackedOutput.plain(result.stdout)
    let diff = ConfigurationDiff(
      wanted: wanted, answers: Answers(output: result.stdout), ownsAll: settings.phase == .phase2)
    var planned = RouterResult.planned(script(), diff: diff.lines, config)
    planned.commandID = result.commandID
    return planned
  }

  /// A command that tells what is there.
  private func look(_ router: Router, _ config: InstanceConfig) -> CommandRequest {
    CommandRequest(
      instanceID: config.instanceID, region: config.region,
      script: PhaseScripts(version: settings.version).plan(region: config.region),
      comment: "plan \(settings.phase.rawValue) \(router.name.prefix(40)) \(requestID.prefix(36))",
      executionTimeout: settings.timeout)
  }
}
