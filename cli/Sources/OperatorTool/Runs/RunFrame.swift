import Groundwork
import Orchestration

/// A running execution in a few lines: where it is, what failed, what is waited for and for how long, and what is done as
/// a count. It has as many lines with a thousand routers as with four.
struct RunFrame {
  let execution: Execution
  let facts: RunFacts
  let place: StatusPage.Place
  let screen: Screen
  /// Why the newest is not known; nil where it is.
  var trouble: String?

  /// Lines of names at most.
  private static let mostLines = 3

  var lines: [String] {
    let status = screen.colored(execution.status.rawValue, .busy)
    let age = Words.span(place.now - execution.started)
    let head =
      "\(place.network)  \(place.region)   \(execution.name.prefix(8)) \(status), \(age); Ctrl-C leaves it running"
    let all = [head] + waves + past + now + (trouble.map { [screen.colored($0, .bad)] } ?? [])
    return all.map(screen.fitted)
  }

  /// Waves by how they are; nothing where there is one.
  private var waves: [String] {
    guard facts.waves.count > 1 else { return [] }
    let groups = [
      ("FAILED", "failed"), ("CANCELLED", "cancelled"), ("WAITING", "waits"), ("RUNNING", "at work"),
      ("COMPLETED", "done"), ("SKIPPED", "skipped"), ("PENDING", "to come"),
    ]
    let words = groups.compactMap { status, word -> String? in
      let names = facts.waves.filter { $0.status == status }.map(\.name)
      guard !names.isEmpty else { return nil }
      return screen.colored(named(names, word), WavesTable.mood(status))
    }
    return ["waves     \(words.joined(separator: ", "))"]
  }

  /// A few by name, many as a count.
  private func named(_ names: [String], _ word: String) -> String {
    names.count <= 2 ? "\(names.joined(separator: ", ")) \(word)" : "\(names.count) \(word)"
  }

  /// What has ended in the wave at work.
  private var past: [String] {
    let ended = facts.stages.filter { $0.ended != nil && $0.wave == facts.stages.last?.wave }
    return ended.suffix(4).map { stage in
      let took = stage.ended.map { Words.span($0 - stage.began) } ?? ""
      if let trouble = stage.trouble {
        return row(stage.name, screen.colored("not known: \(trouble)", .bad))
      }
      let counts = "\(stage.succeeded)/\(stage.succeeded + stage.failed)"
      guard stage.failed > 0 else {
        return row(stage.name, "\(screen.colored("\(counts) done", .good))  \(took)")
      }
      let names = stage.failedNames.isEmpty ? "" : ": \(stage.failedNames.joined(separator: ", "))"
      return row(stage.name, screen.colored("\(counts) done, \(stage.failed) failed\(names)", .bad))
    }
  }

  private var now: [String] {
    if let approval = facts.approval {
      let span = Words.span(place.now - approval.since)
      let words =
        "wave \(approval.wave) waits for an approval, for \(span): \(place.verbs("approve \(approval.wave)"))"
      return [row("waits", screen.colored(words, .busy))]
    }
    if let since = facts.pausedSince { return [row("rests", "for \(Words.span(place.now - since))")] }
    guard let stage = facts.current else { return [] }
    let span = Words.span(place.now - stage.began)
    guard let progress = stage.progress else {
      let items = stage.items.map { ", \($0) of them" } ?? ""
      return [row(stage.name, screen.colored("at work for \(span)\(items)", .busy))]
    }
    let counts = [
      progress.failed > 0 ? screen.colored("\(progress.failed) failed", .bad) : nil,
      screen.colored("\(progress.running) running", .busy), "\(progress.waiting) waiting",
      screen.colored("\(progress.succeeded) done", .good),
    ].compactMap(\.self).joined(separator: ", ")
    return [row(stage.name, "\(counts), for \(span)")] + pending(progress)
  }

  private func pending(_ progress: StageProgress) -> [String] {
    guard !progress.pending.isEmpty else { return [] }
    let more = progress.running + progress.waiting - progress.pending.count
    let text = progress.pending.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    let lines = screen.wrapped(text, indent: Self.indent)
    let shown = lines.prefix(Self.mostLines)
    return shown.enumerated().map { place, line in
      (place == 0 ? Self.padded("waits for") : String(repeating: " ", count: Self.indent)) + line
        + (place == Self.mostLines - 1 && lines.count > Self.mostLines ? " …" : "")
    }
  }

  private static let indent = 10

  private static func padded(_ head: String) -> String {
    head + String(repeating: " ", count: max(indent - head.count, 1))
  }

  private func row(_ head: String, _ words: String) -> String { Self.padded(head) + words }
}
