import AWSClient
import Groundwork
import SSMKit

extension FleetEngine {
  /// Of more targets than these an answer holds those only that are not well.
  static var fewTargets: Int { ResultSize.maximumTargets }

  /// Goes on behind a command's end: with the look's next command, with another look, or not at all.
  func concluded(_ item: Item, _ end: CommandResult, _ findings: Findings) async -> Item {
    let said: [CommandResult]
    do throws(AWSError) {
      guard let earlier = try await earlier(item, findings), let last = try await whole(end, of: item) else {
        return item.troubled("a later answer does not know its end")
      }
      said = earlier + [last]
    } catch {
      if !work.readsOutputs {
        // It is known how it ended; what it said is asked for once more at the end.
        var item = item
        (item.progress.stage, item.standing) = (.init(end.status), nil)
        return item
      }
      return item.troubled(
        "it has ended as \(end.status.rawValue), but its output could not be had: \(error)")
    }
    do throws(Obstacle) {
      let look = item.progress.look
      if try work.command(for: item.target, look, after: said) != nil {
        return item.waiting(look, part: said.count, said: said)
      }
      let conclusion = try work.conclude(said, of: item.target, look)
      if let next = try nextLook(item, conclusion) { return next }
      return noted(item.ended(.init(conclusion.result.status), conclusion.result))
    } catch {
      return blocked(item, error)
    }
  }

  /// nil where nothing would be gained by another look, or its time is over.
  private func nextLook(_ item: Item, _ conclusion: Conclusion<Work.Details>) throws(Obstacle) -> Item? {
    let look = item.progress.look
    let patience = try work.patience(with: item.target)
    let pause = time.isInSteps ? .zero : min(max(patience / 10, .milliseconds(100)), .seconds(5))
    let then = time.elapsed + pause
    let lacksReasons = conclusion.lacksReasons && !look.asksWhy && time.isTime(for: then)
    let mayComeUp =
      conclusion.mayComeUp && then - .seconds(item.progress.begun) < patience && time.isTime(for: then)
    guard mayComeUp || lacksReasons else { return nil }
    var next = item.waiting(
      Look(number: look.number + 1, asksWhy: look.asksWhy || conclusion.lacksReasons),
      next: clock.now() + pause)
    next.found = conclusion.result
    return next
  }

  /// A command's end with all of its output that is wanted.
  /// - Returns: nil where the service contradicts what it said before.
  /// - Throws: ``AWSError`` where it would not say now.
  private func whole(_ end: CommandResult, of item: Item) async throws(AWSError) -> CommandResult? {
    guard let command = item.command, wantsMore(than: end) else { return end }
    do throws(AWSError) {
      return try await services.runCommand.output(
        of: command, execution: CommandMark.execution(event.execution), latest: time.latest(latest))
    } catch {
      if error.isPassing { throw error }
      var end = end
      end.add(reason: "its whole output can't be had: \(error)")
      return end
    }
  }

  private func wantsMore(than end: CommandResult) -> Bool {
    !end.isWhole && (targets.count <= Self.fewTargets || work.readsOutputs || end.status != .success)
  }

  /// The ends of the look's commands before this one, asked for again where an earlier invocation has seen them.
  private func earlier(_ item: Item, _ findings: Findings) async throws(AWSError) -> [CommandResult]? {
    var said = item.said
    guard item.progress.part > said.count else { return Array(said.prefix(item.progress.part)) }
    guard let place = try? item.target.place() else { return nil }
    for part in said.count..<item.progress.part {
      let purpose = CommandMark.purpose(event.execution, purpose(item.progress.look, part))
      guard let found = findings.find(purpose, place),
        let end = try await services.runCommand.output(
          of: found.command, execution: CommandMark.execution(event.execution), latest: time.latest(latest))
      else { return nil }
      said.append(end)
    }
    return said
  }

  // MARK: What an earlier step has seen

  /// The results of all targets, which have all ended; those that an earlier step has seen are asked for again, for their
  /// outputs were not carried along.
  /// - Parameters:
  ///   - refusals: what AWS has said.
  ///   - known: what this invocation has found in the history.
  /// - Returns: a target has no result where its output can't be had now.
  func results(
    _ items: [Item], _ refusals: [String] = [], beside known: Findings = Findings(), isLast: Bool
  ) async -> [Item] {
    let findings = await findings(items, beside: known) { $0.result == nil && $0.progress.stage.hasCommand }
    let read = await concurrently(items.indices) { index -> Item in
      var item = items[index]
      if item.result == nil { item.result = await self.result(of: item, refusals, findings, isLast: isLast) }
      return item
    }
    return items.indices.compactMap { read[$0] }
  }

  private func result(
    of item: Item, _ refusals: [String], _ findings: Findings, isLast: Bool
  ) async -> Result? {
    switch item.progress.stage {
    case .unasked: return conclude([], item)
    case .blocked:
      let obstacle = obstacle(of: item.target)
      return .failed(obstacle.reason, details: work.details(of: item.target, without: obstacle.reason))
    case .refused:
      let place = try? item.target.place()
      let words =
        refusals.indices.contains(item.progress.refusal - 1) ? refusals[item.progress.refusal - 1] : ""
      return conclude([CommandResult(.failed, instanceID: place?.instanceID.text ?? "", stderr: words)], item)
    default: return await ended(item, findings, isLast: isLast)
    }
  }

  private func obstacle(of target: Target) -> Obstacle {
    do throws(Obstacle) {
      _ = try target.place()
      _ = try work.command(for: target, Look(), after: [])
      return Obstacle("when it was its turn not all was known that its command needs")
    } catch {
      return error
    }
  }

  /// A command's end, which stays what it was whatever is said later.
  private func ended(_ item: Item, _ findings: Findings, isLast: Bool) async -> Result? {
    guard let place = try? item.target.place(), let status = item.progress.status else { return nil }
    var item = item
    let purpose = CommandMark.purpose(event.execution, purpose(item.progress.look, item.progress.part))
    let found = findings.find(purpose, place)
    item.command = found?.command
    var trouble = findings.failures[place.region].map { "\($0)" }
    if case .ended(let end) = found?.standing {
      if end.status == .success, status == .success, targets.count > Self.fewTargets, !end.isWhole {
        return share.applied(to: Result(end))
      }
      do throws(AWSError) {
        if let earlier = try await earlier(item, findings), let last = try await whole(end, of: item) {
          let result = conclude(earlier + [last], item)
          if result.status == status { return share.applied(to: result) }
          trouble = nil
        }
      } catch {
        trouble = "\(error)"
      }
    }
    if trouble != nil, !isLast { return nil }
    var known = CommandResult(
      status, commandID: item.command?.commandID ?? "", instanceID: place.instanceID.text)
    if case .ended(let end) = found?.standing, end.status == status { known = end }
    known.add(
      reason: "it ended as \(status.rawValue), but "
        + (trouble.map { "its output could not be had: \($0)" } ?? "a later answer says something else"))
    return Result(known)
  }
}
