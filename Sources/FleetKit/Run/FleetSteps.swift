import Groundwork
import SSMKit

/// A fleet's work in short actions, so that nobody waits while the hosts work: `start` sends the commands, `check`
/// asks how they stand, until all have ended or the time is over.
struct FleetSteps<Work: FleetWork>: Sendable {
  typealias Engine = FleetEngine<Work>

  let engine: Engine

  /// What a step found: the progress to go on with, and the results of all targets once all have ended.
  struct Outcome {
    var progress: Progress
    var results: [String: Engine.Result]?
  }

  func start(_ progress: Progress) async -> Outcome {
    var items = items(progress)
    if progress.mayBeOlder { items = await engine.adopted(items) }
    return await outcome(progress, await engine.sent(items), Engine.Findings())
  }

  func check(_ progress: Progress) async -> Outcome {
    let mayBeSent = engine.event.run?.mayBeSent ?? false
    let (items, findings) = await engine.step(items(progress), mayBeSent: mayBeSent)
    return await outcome(progress, items, findings, asked: progress.asked + 1)
  }

  private func items(_ progress: Progress) -> [Engine.Item] {
    zip(engine.targets, progress.items).enumerated().map { index, pair in
      Engine.Item(pair.0, index, pair.1)
    }
  }

  private func outcome(
    _ before: Progress, _ items: [Engine.Item], _ findings: Engine.Findings, asked: Int = 0
  ) async -> Outcome {
    var progress = before
    progress.items = items.map { item in
      var known = item.progress
      if let refusal = item.refusal, known.refusal == 0 { known.refusal = progress.number(of: refusal) }
      return known
    }
    progress.asked = asked
    progress.trouble = items.lazy.compactMap(\.trouble).first?.oneLine(limit: Progress.longestRefusal)
    let isFirst = asked == 0
    progress.wait = PollPlan(engine.time.limit).wait(
      after: isFirst ? nil : before.wait, asked: asked, elapsed: engine.time.elapsed,
      hasEnded: zip(before.items, progress.items).contains { $0.stage == .running && $0 != $1 })
    guard progress.pending == 0 else { return Outcome(progress: progress) }
    let isLast = engine.time.elapsed >= engine.time.limit
    var known = items
    for index in known.indices { known[index].progress = progress.items[index] }
    let ended = await engine.results(
      known, progress.refusals, beside: findings, isLast: isLast)
    // What can't be read now is asked for once more, as long as there is time.
    guard isLast || ended.allSatisfy({ $0.result != nil }) else { return Outcome(progress: progress) }
    return Outcome(progress: progress, results: Engine.results(ended))
  }
}

extension FleetEngine {
  /// The results by name.
  static func results(_ items: [Item]) -> [String: Result] {
    Dictionary(items.map { ($0.target.name, $0.result ?? .failed("it has not ended")) }) { first, _ in first }
  }
}
