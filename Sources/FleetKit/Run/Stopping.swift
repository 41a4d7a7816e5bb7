import AWSClient
import Groundwork
import SSMKit

/// What stopping commands may take.
private enum StopPatience {
  static let usual = Duration.seconds(3)
  /// The caller keeps at least a second back for the end of an invocation.
  static let atDeadline = Duration.milliseconds(800)
  /// Half a second after SIGTERM the process is killed.
  static let whenInterrupted = Duration.milliseconds(350)
}

extension FleetEngine {
  /// Stops the commands whose time is over.
  func stopped(_ items: [Item]) async -> [Item] {
    let patience = latest.hasCome(at: clock.now()) ? StopPatience.atDeadline : StopPatience.usual
    return await stopped(await lookedFor(items), within: patience) { overdueReason($0) }
  }

  /// At the end of a step it is said of a host that was waited for whether it ever came.
  private func lookedFor(_ items: [Item]) async -> [Item] {
    guard time.isInSteps, work.waitsForHosts, time.elapsed >= time.limit else { return items }
    let waiting = items.indices.filter { items[$0].progress == ItemProgress() }
    let hosts = Hosts(managed: services.managed, latest: time.latest(latest))
    let offline = await hosts.offline(waiting.map { items[$0].target })
    var items = items
    for index in waiting { items[index].offline = offline[items[index].target] }
    return items
  }

  /// Stops everything, for the process is asked to end.
  func interrupted(_ items: [Item]) async -> [Item] {
    await stopped(items, within: StopPatience.whenInterrupted) { item in
      item.hasEnded ? nil : "the function was asked to end before the command had ended"
    }
  }

  private func stopped(
    _ items: [Item], within patience: Duration, where reason: (Item) -> String?
  ) async -> [Item] {
    let reasons = items.map(reason)
    let commands = items.indices.compactMap { reasons[$0] == nil ? nil : items[$0].command }
    let outcomes =
      commands.isEmpty
      ? [:]
      : await services.runCommand.cancel(
        commands, since: since, execution: CommandMark.execution(event.execution),
        latest: Deadline(clock.now() + patience))
    return items.indices.map { index in
      guard let reason = reasons[index] else { return items[index] }
      return overdue(items[index], reason: reason, items[index].command.flatMap { outcomes[$0] })
    }
  }

  /// Why a target is not waited for any longer; nil while it is.
  func overdueReason(_ item: Item) -> String? {
    guard !item.hasEnded else { return nil }
    let seconds = time.limit.inWholeSeconds
    switch time.span {
    case .step:
      guard time.elapsed >= time.limit else { return nil }
      return item.progress.isAtWork
        ? "the \(event.vocabulary.function) had not ended after \(seconds) s (\(time.limitName))"
        : item.offline.map { _ in "its host was not online within \(seconds) s (\(time.limitName))" }
          ?? "its command was not sent within \(seconds) s (\(time.limitName))"
    case .invocation(let begun, let latest):
      let now = clock.now()
      let isSent = item.progress.stage == .running
      if now - (item.sent ?? item.next ?? begun) >= time.limit {
        return isSent
          ? "the command had not ended after \(seconds) s (\(time.limitName))"
          : "the command was not sent within \(seconds) s (\(time.limitName))"
      }
      guard latest.hasCome(at: now) else { return nil }
      return isSent
        ? "the command had not ended shortly before the invocation's own deadline"
        : "the command was not sent before the invocation's own deadline"
    }
  }

  /// - Parameter outcome: what became of its command; nil where nobody tried to stop it.
  func overdue(_ item: Item, reason: String, _ outcome: CancelOutcome?) -> Item {
    if item.progress.stage == .waiting, let found = item.found {
      return noted(item.ended(.init(found.status), found))
    }
    var end = CommandResult(
      .timedOut, commandID: item.command?.commandID ?? "",
      instanceID: (try? item.target.place().instanceID.text) ?? "", stderr: reason)
    if let trouble = item.trouble ?? (item.progress.isAtWork ? nil : trouble) { end.add(reason: trouble) }
    if let outcome { end.add(reason: (outcome == .cancelled ? .asked : outcome).words) }
    return noted(item.ended(.timedOut, conclude([end], item)))
  }
}
