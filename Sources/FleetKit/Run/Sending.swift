import AWSClient
import Groundwork
import SSMKit

extension FleetEngine {
  /// So many targets of a region get a command each, though it is the same; more get one together.
  private static var fewAtOnce: Int { 10 }

  /// So many targets' scripts are kept from when they are told apart until they are sent, as many as are sent at once; those
  /// of others are made a second time, for a fleet's would fill a small function's memory.
  private static var keptScripts: Int { 64 }

  /// Targets of a region that get the same.
  private struct Batch: Sendable {
    var document: CommandDocument
    /// ``CommandDocument/digest``.
    var content: String
    var region: Region
    var look: Look
    var part: Int
    var members: [(index: Int, instanceID: InstanceID)]

    func with(_ members: some Sequence<(index: Int, instanceID: InstanceID)>) -> Batch {
      var batch = self
      batch.members = Array(members)
      return batch
    }
  }

  private struct Kind: Hashable {
    var content: String
    var region: Region
    var look: Look
    var part: Int
  }

  /// What became of a target's command.
  private enum Sent: Sendable {
    case sent(SentCommand)
    case refused(CommandRefusal)
  }

  /// Sends what is to be sent, to as many targets as may be at work at once.
  func sent(_ items: [Item]) async -> [Item] {
    let chosen = await chosen(items)
    var items = chosen.items
    var batches: [Kind: Batch] = [:]
    var order: [Kind] = []
    for (number, index) in chosen.indices.enumerated() {
      let (item, batch) = prepared(items[index], index, isKept: number < Self.keptScripts)
      items[index] = item
      guard let batch else { continue }
      let kind = Kind(content: batch.content, region: batch.region, look: batch.look, part: batch.part)
      if batches[kind] == nil { order.append(kind) }
      batches[kind, default: batch.with([])].members += batch.members
    }
    let parts = order.compactMap { batches[$0] }.flatMap(Self.parted)
    let outcomes = await concurrently(parts.indices) { await self.send(parts[$0]) }
    for (index, outcome) in outcomes.values.joined() { items[index] = told(items[index], outcome) }
    return items
  }

  private static func parted(_ batch: Batch) -> [Batch] {
    let size = batch.members.count <= fewAtOnce ? 1 : CommandRequest.maximumInstances
    return stride(from: 0, to: batch.members.count, by: size).map { start in
      batch.with(batch.members[start..<min(start + size, batch.members.count)])
    }
  }

  // MARK: Who gets a command

  private func chosen(_ items: [Item]) async -> (items: [Item], indices: [Int]) {
    let now = clock.now()
    let waiting = items.indices.filter { items[$0].progress.stage == .waiting }
    // They are at work already, between two commands.
    let between = waiting.filter { items[$0].progress.isAtWork && (items[$0].next ?? now) <= now }
    let free = (event.maxConcurrency ?? items.count) - items.count { $0.progress.isAtWork }
    var fresh = waiting.filter { !items[$0].progress.isAtWork }
    guard free > 0, !fresh.isEmpty else { return (items, between) }
    var items = items
    if work.waitsForHosts {
      fresh = Array(fresh.prefix(max(free, Self.lookedAhead)))
      let isWaited = time.elapsed < onlineLimit
      let hosts = Hosts(managed: services.managed, latest: time.latest(latest))
      let offline = await hosts.offline(fresh.map { items[$0].target })
      for index in fresh { items[index].offline = offline[items[index].target] }
      if isWaited { fresh = fresh.filter { items[$0].offline == nil || getsNothing(items[$0]) } }
    }
    return (items, between + fresh.prefix(free))
  }

  /// Whether there is nothing to be sent to a target: then its host need not be there.
  private func getsNothing(_ item: Item) -> Bool {
    do throws(Obstacle) {
      return try work.command(for: item.target, item.progress.look, after: item.said) == nil
    } catch {
      return false
    }
  }

  /// So many hosts are looked at beyond those that may be at work, in case some are not online.
  private static var lookedAhead: Int { 50 }

  /// For how long a host that is not online is waited for: never more than a quarter of what there is.
  private var onlineLimit: Duration {
    let wanted = services.settings.onlineTimeout
    switch time.span {
    case .step: return min(wanted, time.limit)
    case .invocation(let begun, let latest): return min(wanted, (latest.left(at: begun) ?? wanted * 4) / 4)
    }
  }

  private func prepared(_ item: Item, _ index: Int, isKept: Bool) -> (Item, Batch?) {
    let (look, part) = (item.progress.look, item.progress.part)
    do throws(Obstacle) {
      let place = try item.target.place()
      guard let document = try work.command(for: item.target, look, after: item.said) else {
        return (noted(item.ended(.unasked, try work.conclude([], of: item.target, look).result)), nil)
      }
      let made = document.made()
      return (
        item,
        Batch(
          document: isKept ? made.document : document, content: made.digest, region: place.region, look: look,
          part: part, members: [(index, place.instanceID)])
      )
    } catch {
      return (blocked(item, error), nil)
    }
  }

  // MARK: Sending

  /// A batch that is refused because of one instance, which nobody names, is halved until that is found.
  private func send(_ batch: Batch) async -> [(Int, Sent)] {
    let latest = time.latest(latest)
    do throws(CommandRefusal) {
      let commandID = try await services.runCommand.send(request(batch), latest: latest)
      return batch.members.map {
        ($0.index, .sent(SentCommand(commandID: commandID, instanceID: $0.instanceID, region: batch.region)))
      }
    } catch {
      guard error.isForAnInstance, batch.members.count > 1 else {
        return batch.members.map { ($0.index, .refused(error)) }
      }
      let half = batch.members.count / 2
      let halves = [batch.with(batch.members.prefix(half)), batch.with(batch.members.dropFirst(half))]
      let outcomes = await concurrently(halves.indices) { await self.send(halves[$0]) }
      return Array(outcomes.values.joined())
    }
  }

  private func request(_ batch: Batch) -> CommandRequest {
    let instances = batch.members.map(\.instanceID)
    let mark = CommandMark(
      execution: event.execution, purpose: purpose(batch.look, batch.part), content: batch.content,
      instances: instances)
    let part = batch.part == 0 ? "" : " part \(batch.part + 1)"
    let who =
      batch.members.count == 1
      ? targets[batch.members[0].index].name.shown(bytes: part.isEmpty ? 40 : 30)
      : "\(batch.members.count)-\(event.vocabulary.items)"
    return CommandRequest(
      instanceIDs: instances, region: batch.region, document: batch.document,
      comment: "\(work.purpose) \(who)\(part)", mark: mark)
  }

  private func told(_ item: Item, _ sent: Sent) -> Item {
    switch sent {
    case .sent(let command):
      var item = item.running(command, at: clock.now())
      if item.progress.look.number == 0, item.progress.part == 0 {
        item.progress.begun = time.elapsed.inWholeSeconds
      }
      return item
    case .refused(let refusal) where refusal.isPassing:
      var item = item.troubled(refusal.isLate ? item.trouble ?? refusal.reason : refusal.reason)
      if refusal.isUnknown { (item.progress.stage, item.sent) = (.tried, clock.now()) }
      return item
    case .refused(let refusal):
      let instance = (try? item.target.place().instanceID.text) ?? ""
      var end = CommandResult(.failed, instanceID: instance, stderr: refusal.reason)
      if let offline = item.offline { end.add(reason: offline) }
      var item = item
      item.refusal = Refusal(refusal)
      return noted(item.ended(.refused, conclude([end], item)))
    }
  }
}

extension CommandRefusal {
  /// Whether nobody was asked, because there was no time: then the attempt before says more.
  fileprivate var isLate: Bool { error?.isLate ?? true }
}
