/// Which routers are how, and why.
extension ReportPage {
  /// Above so many routers those that are well are counted, not listed.
  private static let mostListed = NetworkPicture.mostDrawnWhole

  /// The failed ones first, those with a cause of their own before those that fail because of another one.
  private var routers: [(name: String, result: RouterResult)] {
    func rank(_ result: RouterResult) -> Int {
      result.status == "Success" ? 2 : result.details.diagnosis?.at == nil ? 0 : 1
    }
    return content.verified.sorted { (rank($0.value), $0.key) < (rank($1.value), $1.key) }
      .map { ($0.key, $0.value) }
  }

  var diagnoses: String? {
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

  var table: String? {
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
}
