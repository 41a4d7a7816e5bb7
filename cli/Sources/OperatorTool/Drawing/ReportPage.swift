import Groundwork

/// A report as one HTML file: no script, nothing from elsewhere, readable in the light, in the dark and on paper.
struct ReportPage {
  /// Above so many routers those that are well are counted, not listed.
  private static let mostListed = NetworkPicture.mostDrawnWhole
  /// Lines of a router's diff: a router that is made anew has a few hundred.
  private static let mostDiffLines = 400

  private let content: ReportContent
  /// When it was made.
  private let now: UnixTime

  init(_ content: ReportContent, now: UnixTime) {
    self.content = content
    self.now = now
  }

  var html: String {
    let title = "\(content.network): \(content.status)"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(Markup.escaped(title))</title>
      <style>
      \(Palette.style)
      \(ReportStyle.text)
      \(NetworkDrawing.style)
      </style>
      </head>
      <body>
      \(sections.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private var sections: [String] {
    [head, drawing, diagnoses, table, changes, timeline, footprint].compactMap { $0 }
      + [Markup.element("footer", "", "made \(now.utc.toTheSecond)")]
  }

  private func section(_ id: String, _ heading: String, _ body: String) -> String {
    Markup.element("section", "id=\"\(id)\"", "<h2>\(heading)</h2>\n\(body)")
  }

  private var head: String {
    let isGood = content.status == "SUCCEEDED"
    let kind = isGood ? "well" : content.status == "RUNNING" ? "poor" : "ill"
    var facts: [String] = []
    if let name = content.name { facts.append("execution \(name)") }
    if let started = content.started { facts.append("started \(started.utc.toTheSecond)") }
    if let started = content.started, let stopped = content.stopped {
      facts.append("took \(Words.precise(stopped - started))")
    }
    var lines = [
      "<h1>\(Markup.escaped(content.network)) <span class=\"status \(kind)\">\(Markup.escaped(content.status))</span></h1>",
      "<p class=\"verdict\">\(Markup.escaped(content.verdict))</p>",
      "<p class=\"facts\">\(Markup.escaped(facts.joined(separator: " · ")))</p>",
    ]
    if let error = content.error {
      lines.append(
        "<p class=\"cause\"><b>\(Markup.escaped(error))</b> \(Markup.escaped(content.cause ?? ""))</p>")
    }
    return Markup.element("header", "", lines.joined(separator: "\n"))
  }

  private var drawing: String? {
    guard let picture = content.picture?.essence else { return nil }
    let left = picture.leftOut.map { "<p>\(Markup.escaped($0))</p>" } ?? ""
    let legend =
      "<p class=\"facts\">✓ up · △ up with losses or without BGP · ✗ down · □ not known; squares are hubs, round ones branches</p>"
    return section(
      "network", "Network",
      "\(left)<div class=\"scroll\">\(NetworkDrawing(picture).svg(isAlone: false))</div>\(legend)")
  }

  /// The failed ones first, those with a cause of their own before those that fail because of another one.
  private var routers: [(name: String, result: RouterResult)] {
    func rank(_ result: RouterResult) -> Int {
      result.status == "Success" ? 2 : result.details.diagnosis?.at == nil ? 0 : 1
    }
    return content.verified.sorted { (rank($0.value), $0.key) < (rank($1.value), $1.key) }
      .map { ($0.key, $0.value) }
  }

  private var diagnoses: String? {
    let ill = routers.filter { $0.result.status != "Success" }
    guard !ill.isEmpty else { return failedElsewhere }
    return section("why", "Why", ill.prefix(Self.mostListed).map(diagnosis).joined(separator: "\n"))
  }

  private func diagnosis(_ name: String, _ result: RouterResult) -> String {
    guard let found = result.details.diagnosis else {
      let reasons = result.details.reasons ?? [result.stderr]
      return "<h3>\(Markup.escaped(name))</h3>\(list(reasons))"
    }
    let title = "\(name): \(found.title) (\(found.confidence.rawValue))"
    var body = "<h3>\(Markup.escaped(title))</h3>\(list(found.evidence))"
    if let hint = found.hint { body += "<p class=\"hint\"><b>do</b> \(Markup.escaped(hint))</p>" }
    if !found.folds.isEmpty {
      body += "<p><b>so</b> \(Markup.escaped(found.folds.joined(separator: ", ")))</p>"
    }
    for other in result.details.furtherDiagnoses ?? [] {
      body += "<p><b>also</b> \(Markup.escaped(other.title))</p>"
    }
    return Markup.element("article", "", body)
  }

  /// What went wrong before phase 3.
  private var failedElsewhere: String? {
    let failed = content.answers.flatMap { answer in
      answer.result.results.filter { $0.value.status != "Success" }.sorted { $0.key < $1.key }.map {
        "\(answer.wave.map { "\($0) " } ?? "")\(answer.result.phase) \($0.key): \($0.value.status): \(($0.value.details.reasons?.first ?? $0.value.stderr).shortened(to: 1000))"
      }
    }
    return failed.isEmpty ? nil : section("why", "Why", list(failed))
  }

  private func list(_ lines: [String]) -> String {
    "<ul>\(lines.map { "<li>\(Markup.escaped($0))</li>" }.joined())</ul>"
  }

  private var table: String? {
    let all = routers
    guard !all.isEmpty || !content.phase("phase3").isEmpty else { return nil }
    let isLarge = all.count > Self.mostListed
    let listed = isLarge ? all.filter { $0.result.status != "Success" } : all
    let left = content.phase("phase3").reduce(0) { $0 + ($1.omittedCount ?? 0) } + all.count - listed.count
    let rows = listed.map { name, result in row(RouterHealth(name, result), NetworkSight.hasLooked(result)) }
    let more = left > 0 ? "<p>\(left) routers that are well are not listed.</p>" : ""
    let heads = ["router", "tunnels", "BGP", "interfaces", "loss", "state"].map { "<th>\($0)</th>" }
    return section(
      "routers", "Routers",
      "<div class=\"scroll\"><table><thead><tr>\(heads.joined())</tr></thead><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table></div>\(more)"
    )
  }

  private func row(_ router: RouterHealth, _ isVerified: Bool) -> String {
    let state =
      router.isHealthy
      ? (isVerified ? ("well", "✓ ok") : ("", "not asked"))
      : ("ill", router.causedBy.map { "✗ failed, because of \($0)" } ?? "✗ FAILED \(router.cause ?? "")")
    let loss = router.loss.map { "\(Int($0.rounded())) %" } ?? "–"
    let cells = [
      router.router, router.tunnels?.text ?? "–", router.sessions?.text ?? "–", router.interfaces ?? "–",
      loss,
    ]
    return
      "<tr>\(cells.map { "<td>\(Markup.escaped($0))</td>" }.joined())<td class=\"\(state.0)\">\(Markup.escaped(state.1))</td></tr>"
  }

  private var changes: String? {
    var parts: [String] = []
    for answer in content.answers where answer.result.phase != "phase3" {
      if let configured = Self.configured(answer.result) {
        let wave = answer.wave.map { "\($0): " } ?? ""
        parts.append("<p>\(Markup.escaped(wave + configured))</p>")
      }
      for (name, result) in answer.result.results.sorted(by: { $0.key < $1.key }) {
        guard let diff = result.details.diff, !diff.isEmpty else { continue }
        let shown = diff.prefix(Self.mostDiffLines).map(Self.diffLine).joined(separator: "\n")
        let more = diff.count > Self.mostDiffLines ? "\n… \(diff.count - Self.mostDiffLines) lines more" : ""
        let title = "\(answer.wave.map { "\($0) " } ?? "")\(answer.result.phase) \(name): \(diff.count) lines"
        parts.append(
          "<details><summary>\(Markup.escaped(title))</summary><pre>\(shown)\(more)</pre></details>")
      }
    }
    return parts.isEmpty ? nil : section("changes", "Changes", parts.joined(separator: "\n"))
  }

  /// What phase 2 has done to the routers' configurations.
  private static func configured(_ result: PhaseResult) -> String? {
    let fates = Dictionary(grouping: result.results.filter { $0.value.details.configuration != nil }) {
      $0.value.details.configuration ?? ""
    }
    guard !fates.isEmpty else { return nil }
    let words = fates.sorted { $0.key < $1.key }.map { fate, routers in
      let names = routers.map(\.key).sorted()
      let more = names.count > mostNames ? " and \(names.count - mostNames) more" : ""
      return "\(fate) on \(names.prefix(mostNames).joined(separator: ", "))\(more)"
    }
    return "configuration \(words.joined(separator: "; "))"
  }

  private static let mostNames = 12

  private static func diffLine(_ line: String) -> String {
    let kind = line.hasPrefix("+") ? "well" : line.hasPrefix("-") ? "ill" : line.hasPrefix("~") ? "poor" : ""
    return "<span class=\"\(kind)\">\(Markup.escaped(line.shortened(to: 1000)))</span>"
  }

  private var timeline: String? {
    guard let first = content.stages.first else { return nil }
    let chart = TimelineChart(content.stages, from: content.started ?? first.began, now: now)
    return section("timeline", "Timeline", chart.html)
  }

  private var footprint: String? {
    guard let lines = content.footprint?.lines, !lines.isEmpty else { return nil }
    let rows = lines.map {
      "<tr><td>\(Markup.escaped($0.what))</td><td>\(Markup.escaped($0.amount))</td></tr>"
    }
    return section("footprint", "Footprint", "<table><tbody>\(rows.joined(separator: "\n"))</tbody></table>")
  }
}
