import SSMKit

/// A look of phase 3 at a router: a command, or several where the answers are too long for one. The first one stands for
/// the look in a step's progress; when it has ended well the others follow, one after another, as a host does one thing
/// at a time anyway.
extension RouterWork {
  /// Seconds behind the phase's latest end in which answers are still judged: the last poll may end so late.
  private static let judgingTime = 0.75
  /// Seconds that one of several commands takes where most peers answer.
  private static let partTime = 15.0

  func questions(_ expectation: Expectation, asksWhy: Bool) -> [Questions] {
    Questions.parts(tunnels: expectation.peers.count, version: settings.version, asksWhy: asksWhy)
  }

  /// What a look's commands run, in their order.
  func verificationScripts(
    _ router: Router, _ config: InstanceConfig, asksWhy: Bool = false
  ) throws(Fleet.Unknown) -> [String] {
    let expectation = try expectation(router, config)
    let scripts = PhaseScripts(version: settings.version, timeout: timeout)
    return questions(expectation, asksWhy: asksWhy).map {
      scripts.verification(region: config.region, expectation, $0)
    }
  }

  /// Seconds for which a state that may still come up is looked at again, with what a look's further commands take.
  func lookingTime(_ router: Router, _ config: InstanceConfig) throws(Fleet.Unknown) -> Double {
    let time = settings.verifyTimeout
    guard settings.phase == .phase3, input.command == nil, time > 0 else { return time }
    let parts = questions(try expectation(router, config), asksWhy: false).count
    return time + Double(parts - 1) * Self.partTime
  }

  /// The look's other commands, to their ends; none where the first one has failed, or nothing else is asked.
  func otherParts(
    _ router: Router, _ config: InstanceConfig, _ first: CommandResult, asksWhy: Bool
  ) async throws(Fleet.Unknown) -> [CommandResult] {
    var results: [CommandResult] = []
    for request in try otherRequests(router, config, first, asksWhy: asksWhy) {
      results.append(await runCommand.sendAndWait(request, latest: latest))
    }
    return results
  }

  /// The other commands of a look that an earlier step has made, found by their marks. Nothing is sent.
  func otherPartsAgain(
    _ router: Router, _ config: InstanceConfig, _ first: CommandResult
  ) async throws(Fleet.Unknown) -> [CommandResult] {
    var results: [CommandResult] = []
    for request in try otherRequests(router, config, first, asksWhy: true) {
      if let seen = await runCommand.lookAgain(at: request, latest: latest) { results.append(seen) }
    }
    return results
  }

  private func otherRequests(
    _ router: Router, _ config: InstanceConfig, _ first: CommandResult, asksWhy: Bool
  ) throws(Fleet.Unknown) -> [CommandRequest] {
    guard settings.phase == .phase3, input.command == nil, first.status == .success else { return [] }
    let name = input.work(of: settings.phase)
    let scripts = try verificationScripts(router, config, asksWhy: asksWhy)
    return scripts.enumerated().dropFirst().map { number, script in
      request(
        "\(name) \(router.name.shown(bytes: 30)) part \(number + 1)", .script(script, seconds: timeout),
        input.run?.mark(name, router, after: first.commandID, part: number), config)
    }
  }

  /// The verdict on a look's answers.
  func judge(
    _ first: CommandResult, _ others: [CommandResult], _ expectation: Expectation
  ) -> Conclusion {
    var result = first
    let verdict = verdict(&result, others, expectation)
    if result.status == .success, !verdict.isHealthy {
      result.status = .failed
      for reason in verdict.reasons { result.add(reason: reason) }
    }
    let details = Details(verdict, checkedAt: UTCDateTime(secondsSince1970: clock.wall()).extended)
    return Conclusion(
      result: RouterResult(result, details: details), mayComeUp: verdict.mayComeUp,
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
    guard clock.monotonic() <= (latest ?? .infinity) + Self.judgingTime else {
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
