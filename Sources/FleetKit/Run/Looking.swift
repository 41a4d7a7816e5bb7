import AWSClient
import Groundwork
import SSMKit

extension FleetEngine {
  /// What the histories of some regions have of the execution's commands.
  struct Findings: Sendable {
    struct Key: Hashable {
      var instanceID: InstanceID
      /// ``CommandMark/purpose(_:_:)``.
      var purpose: String
    }

    var commands: [Key: ListedInvocation] = [:]
    /// Regions that were asked.
    var regions: Set<Region> = []
    /// Regions whose histories could not be read whole.
    var failures: [Region: AWSError] = [:]

    func find(_ purpose: String, _ place: Target.Place) -> ListedInvocation? {
      commands[Key(instanceID: place.instanceID, purpose: purpose)]
    }
  }

  /// - Parameters:
  ///   - known: what was found out a moment ago.
  ///   - isWanted: whether a target's history is asked for.
  func findings(
    _ items: [Item], beside known: Findings = Findings(), where isWanted: (Item) -> Bool
  ) async -> Findings {
    let regions = Set(items.lazy.filter(isWanted).compactMap { try? $0.target.place().region })
      .subtracting(known.regions)
    let execution = CommandMark.execution(event.execution)
    let latest = time.latest(latest)
    let histories = await concurrently(regions) { region -> Swift.Result<[ListedInvocation], AWSError> in
      do throws(AWSError) {
        return .success(
          try await services.runCommand.history(of: execution, since: since, in: region, latest: latest))
      } catch {
        return .failure(error)
      }
    }
    var findings = known
    for (region, history) in histories {
      findings.regions.insert(region)
      switch history {
      case .success(let listed):
        for one in listed {
          let key = Findings.Key(
            instanceID: one.command.instanceID, purpose: CommandMark.purpose(in: one.mark))
          // The newest is the first.
          if findings.commands[key] == nil { findings.commands[key] = one }
        }
      case .failure(let error): findings.failures[region] = error
      }
    }
    return findings
  }

  private func found(_ item: Item, _ findings: Findings) -> ListedInvocation? {
    guard let place = try? item.target.place() else { return nil }
    return findings.find(
      CommandMark.purpose(event.execution, purpose(item.progress.look, item.progress.part)), place)
  }

  /// Looks how all commands stand, and goes on with those that have ended.
  func looked(_ items: [Item]) async -> (items: [Item], findings: Findings) {
    let findings = await findings(items) {
      [.running, .tried].contains($0.progress.stage) && $0.command == nil
    }
    var items = items.map { located($0, findings) }
    let asked = items.compactMap { $0.progress.stage == .running && $0.standing == nil ? $0.command : nil }
    if !asked.isEmpty {
      let standings = await services.runCommand.standings(
        of: asked, since: since, execution: CommandMark.execution(event.execution), latest: lookingLatest)
      for index in items.indices where items[index].standing == nil {
        items[index].standing = items[index].command.flatMap { standings[$0] }
      }
    }
    let ended = await concurrently(items.indices) { [items] in await self.lookedAt(items[$0], findings) }
    return (items.indices.compactMap { ended[$0] }, findings)
  }

  /// The last look may end a little later than the invocation's latest end.
  private var lookingLatest: Deadline {
    max(time.latest(latest), Deadline(clock.now() + .milliseconds(500)))
  }

  /// Which command it is that an earlier invocation has sent for a target.
  private func located(_ item: Item, _ findings: Findings) -> Item {
    guard item.command == nil, [.running, .tried].contains(item.progress.stage),
      let place = try? item.target.place()
    else { return item }
    if let failure = findings.failures[place.region] { return item.troubled("\(failure)") }
    if let found = found(item, findings) {
      var item = item.running(found.command, at: item.sent ?? (time.isInSteps ? nil : clock.now()))
      item.standing = found.standing
      return item
    }
    if item.progress.stage == .running { return item.troubled("the history of commands does not show it") }
    if let sent = item.sent, clock.now() - sent < Self.lag { return item }
    return item.waiting(item.progress.look, part: item.progress.part, said: item.said)
  }

  /// For how long the history may not show a command.
  private static var lag: Duration { .seconds(10) }

  private func lookedAt(_ item: Item, _ findings: Findings) async -> Item {
    guard item.progress.stage == .running, let command = item.command else { return item }
    switch item.standing {
    case nil, .running:
      var item = item
      (item.standing, item.trouble) = (nil, nil)
      return item
    case .unknown(let error):
      guard !error.isPassing else {
        // A look that has too little time says less than what went wrong before.
        let saysLess = error.isLate || overdueReason(item) != nil
        return item.troubled(saysLess ? item.trouble ?? Self.words(error) : Self.words(error))
      }
      return await concluded(item, .lost(command.commandID, on: command.instanceID, error), findings)
    case .ended(let end):
      if end.wasCancelled, time.isInSteps, time.elapsed >= time.limit {
        // By an earlier step, which this one repeats.
        return overdue(item, reason: overdueReason(item) ?? "", nil)
      }
      return await concluded(item, end, findings)
    }
  }

  private static func words(_ error: AWSError) -> String { "the last poll failed: \(error)" }

  // MARK: What is there already

  /// Finds what an earlier attempt of this invocation has sent of what is to be sent next, so that nothing is sent twice. What
  /// has failed does not count, and what is another document neither.
  func adopted(_ items: [Item]) async -> [Item] {
    var items = items
    var open = Set(items.indices.filter { items[$0].progress.stage == .waiting })
    let end = clock.now() + Self.lag
    while !open.isEmpty {
      let began = clock.now()
      let findings = await findings(items) { open.contains($0.index) }
      for index in open { items[index] = adopted(items[index], findings) }
      open = open.filter { items[$0].progress.stage != .running }
      // The history lags.
      guard !open.isEmpty, began < end, (try? await clock.sleep(.seconds(5))) != nil else { break }
    }
    return items
  }

  private func adopted(_ item: Item, _ findings: Findings) -> Item {
    guard let place = try? item.target.place() else { return item }
    var item = item
    if let failure = findings.failures[place.region] {
      (item.progress.stage, item.sent) = (.tried, clock.now())
      return item.troubled("\(failure)")
    }
    item.progress.stage = .waiting
    guard let found = found(item, findings), found.standing.mayStand,
      let document = try? work.command(for: item.target, item.progress.look, after: item.said),
      CommandMark.has(found.mark, content: document.digest)
    else { return item }
    return item.running(found.command, at: time.isInSteps ? nil : clock.now())
  }
}

extension Standing {
  /// Whether a command stands for another one that would be the same: one that has failed does not.
  fileprivate var mayStand: Bool {
    if case .ended(let end) = self { end.status == .success } else { true }
  }
}
