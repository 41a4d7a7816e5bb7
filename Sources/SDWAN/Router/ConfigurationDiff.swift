/// What a configuration script would change on a router, as far as it can be seen from outside.
struct ConfigurationDiff {
  /// `+ PATH` is set, `- PATH` is deleted; the container's own line comes first.
  let lines: [String]

  /// - Parameters:
  ///   - wanted: what the script sets.
  ///   - answers: what `plan.sh` printed.
  ///   - ownsAll: whether nodes that were ours and are not wanted any more are deleted.
  init(wanted: [ConfigurationLine], answers: Answers, ownsAll: Bool) {
    guard answers.byName["container"]?.status == 0 else {
      lines = ["+ container router"] + wanted.map { "+ \($0.shown)" }
      return
    }
    let running = Set(Self.paths(answers.byName["configuration"]))
    let added = wanted.map(\.shown).filter { !running.contains($0) }
    let owned = Set(wanted.compactMap(\.owned))
    let record = answers.byName["owned"]
    let before = ownsAll && record?.status == 0 ? record?.text.filledLines.map(String.init) ?? [] : []
    lines = added.map { "+ \($0)" } + before.filter { !owned.contains($0) }.map { "- \($0)" }
  }

  /// The lines of `show configuration commands` without `set` and without quotes.
  private static func paths(_ answer: Answers.Answer?) -> [String] {
    guard let answer, answer.status == 0 else { return [] }
    return answer.text.filledLines.filter { $0.hasPrefix("set ") }.map {
      $0.dropFirst(4).filter { $0 != "'" && $0 != "\r" }
    }
  }
}
