import Groundwork
import SSMKit

/// A fleet's work to its end in one invocation: the steps in a loop.
struct FleetLoop<Work: FleetWork>: Sendable {
  typealias Engine = FleetEngine<Work>

  let engine: Engine

  private var clock: Clock { engine.clock }

  func run(mayBeSent: Bool) async -> [String: Engine.Result] {
    var items = engine.targets.enumerated().map { Engine.Item($1, $0, ItemProgress()) }
    if mayBeSent { items = await engine.adopted(items) }
    items = await engine.sent(items)
    var pauses = schedule
    while items.contains(where: { !$0.hasEnded }) {
      do { try await clock.sleep(pause(pauses.next(), items)) } catch {
        items = await engine.interrupted(items)
        break
      }
      let before = Set(items.compactMap(\.command))
      items = await engine.step(items).items
      // What was sent just now may end soon.
      if !Set(items.compactMap(\.command)).isSubset(of: before) { pauses = schedule }
    }
    return Engine.results(await engine.results(items, isLast: true))
  }

  private var schedule: PollSchedule {
    PollSchedule(longest: engine.services.settings.pollInterval, random: engine.services.client.random)
  }

  /// No longer than until something has to be done.
  private func pause(_ usual: Duration, _ items: [Engine.Item]) -> Duration {
    let now = clock.now()
    let moments = items.lazy.filter { !$0.hasEnded }.compactMap { engine.nextMoment(of: $0) }
    guard let next = moments.min() else { return usual }
    return min(usual, max(next - now, .zero))
  }
}

extension FleetEngine {
  /// When something has to be done about a target even if nobody has heard anything of it; nil in steps.
  func nextMoment(of item: Item) -> Instant? {
    guard case .invocation(let begun, let latest) = time.span else { return nil }
    let end = (item.sent ?? item.next ?? begun) + time.limit
    let deadline = latest.left(at: clock.now()).map { clock.now() + $0 }
    // One that could not be sent when it was its turn is tried again after the usual pause.
    let look = item.progress.stage == .waiting && item.trouble == nil ? item.next : nil
    return [end, deadline, look].compactMap { $0 }.min()
  }
}
