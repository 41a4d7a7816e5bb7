import Groundwork
import SSMKit

/// What is done to one target: commands are sent and looked at, and the work says what their ends mean.
struct TargetRun<Work: FleetWork>: Sendable {
  typealias Result = TargetResult<Work.Details>

  let work: Work
  let event: FleetEvent
  let services: FleetServices
  /// Instances that are known to be online.
  let online: Set<InstanceID>
  let latest: Deadline

  var clock: Clock { services.clock }
  private var runCommand: RunCommand { services.runCommand }

  // MARK: Commands

  /// A command of a look.
  /// - Parameters:
  ///   - first: the look's first command, which stands for it; nil for this one.
  ///   - part: which of the look's commands this is.
  func request(
    _ document: CommandDocument, for target: Target, _ look: Look, after first: String? = nil, part: Int = 0
  ) throws(Obstacle) -> CommandRequest {
    let place = try target.place()
    let about =
      part == 0
      ? "\(work.purpose) \(target.name.shown(bytes: 40))"
      : "\(work.purpose) \(target.name.shown(bytes: 30)) part \(part + 1)"
    let mark =
      if let first {
        event.run?.mark(work.kind, target, after: first, part: part)
      } else {
        event.run?.mark(work.kind, target, attempt: look.number)
      }
    return CommandRequest(
      instanceID: place.instanceID, region: place.region, document: document,
      comment: mark == nil ? "\(about) \(event.requestID.shown(bytes: 36))" : about,
      mark: mark, mayBeSent: event.run?.mayBeSent ?? false, timeout: event.timeout,
      timeoutName: event.setsTimeout ? "timeout" : "SSM_TIMEOUT")
  }

  /// The look's other commands, to their ends, behind the first one's.
  func others(
    after first: CommandResult, of target: Target, _ look: Look
  ) async throws(Obstacle) -> [CommandResult] {
    var said = [first]
    while let document = try work.command(for: target, look, after: said) {
      let request = try request(document, for: target, look, after: first.commandID, part: said.count)
      said.append(await runCommand.sendAndWait(request, latest: latest))
    }
    return said
  }

  /// The ends of a look's commands that an earlier step has sent; the others are found by their marks. Nothing is sent.
  func othersAgain(after first: CommandResult, of target: Target) async throws(Obstacle) -> [CommandResult] {
    let look = Look(asksWhy: true)
    var said = [first]
    while let document = try work.command(for: target, look, after: said) {
      let request = try request(document, for: target, look, after: first.commandID, part: said.count)
      guard let seen = await runCommand.lookAgain(at: request, latest: latest) else { break }
      said.append(seen)
    }
    return said
  }

  /// The result of a target for which nothing can be done.
  func blocked(_ target: Target, _ reason: String) -> Result {
    .failed(reason, details: work.details(of: target, without: reason))
  }

  // MARK: All of it

  /// The whole work for a target, to its end.
  func whole(_ target: Target) async -> Result {
    do throws(Obstacle) {
      let place = try target.place()
      let offline = await waitUntilOnline(place)
      var result = try await lookUntilWell(target)
      if result.commandID.isEmpty, let offline { result.stderr += "\n\(offline)" }
      return result
    } catch {
      return blocked(target, error.reason)
    }
  }

  /// Gives a host that is not online yet some time, though never more than a quarter of what is left.
  /// - Returns: in words what Systems Manager says of a host that stays away; whether it takes a command all
  ///   the same is the service's decision.
  private func waitUntilOnline(_ place: Target.Place) async -> String? {
    guard work.waitsForHosts, !online.contains(place.instanceID) else { return nil }
    let left = latest.left(at: clock.now()).map { max($0, .zero) / 4 }
    let limit = min(services.settings.onlineTimeout, left ?? services.settings.onlineTimeout)
    let seen = await services.managed.waitUntilOnline(
      [place.instanceID], in: place.region, limit: limit, latest: latest)
    switch seen[place.instanceID] {
    case .offline(let status):
      return "its ping status was still \(status) after \(limit.inWholeSeconds) s"
    case .unlisted: return "Systems Manager did not know it after \(limit.inWholeSeconds) s"
    case .online, nil: return nil
    }
  }

  /// Looks again for a while at a state that may still come up, and once more where it is not known why it is as it
  /// is.
  private func lookUntilWell(_ target: Target) async throws(Obstacle) -> Result {
    let patience = try work.patience(with: target)
    let end = min(Deadline(clock.now() + patience), latest)
    // Between two looks.
    let pause = min(max(patience / 10, .milliseconds(100)), .seconds(5))
    var look = Look()
    while true {
      let conclusion = try await once(target, look)
      let next = clock.now() + pause
      let isOpen = conclusion.lacksReasons && !look.asksWhy && !latest.hasCome(at: next)
      guard conclusion.mayComeUp && !end.hasCome(at: next) || isOpen else { return conclusion.result }
      do { try await clock.sleep(pause) } catch { return conclusion.result }
      look = Look(number: look.number + 1, asksWhy: conclusion.lacksReasons || look.asksWhy)
    }
  }

  private func once(_ target: Target, _ look: Look) async throws(Obstacle) -> Conclusion<Work.Details> {
    guard let document = try work.command(for: target, look, after: []) else {
      return try work.conclude([], of: target, look)
    }
    let request = try request(document, for: target, look)
    let first = await runCommand.sendAndWait(request, latest: latest)
    return try work.conclude(try await others(after: first, of: target, look), of: target, look)
  }
}
