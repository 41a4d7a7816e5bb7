import Groundwork

/// A report as one HTML file: no script, nothing from elsewhere, readable in the light, in the dark and on paper.
struct ReportPage {
  let content: ReportContent
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

  func section(_ id: String, _ heading: String, _ body: String) -> String {
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
