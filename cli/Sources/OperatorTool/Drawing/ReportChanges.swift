/// What an execution has changed, or a plan would.
extension ReportPage {
  /// Lines of a router's diff: a router that is made anew has a few hundred.
  private static let mostDiffLines = 400

  var changes: String? {
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
}
