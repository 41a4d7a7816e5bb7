/// What a configuration script would change on a router, as far as it can be seen from outside.
struct ConfigurationDiff {
  /// `+ PATH` is set, `- PATH` is deleted; the container's own line comes first.
  let lines: [String]

  /// - Parameters:
  ///   - wanted: what the script sets.
  ///   - answers: what `plan.sh` printed.
  ///   - recreate: whether the script makes a router that is there anew; nil where it never does, but deletes
  ///     what was ours and is not wanted any more. Of `changed` only a router without a mark is told here:
  ///     the mark itself is compared on the host.
  /// - Throws: ``Unreadable`` when there is a router that did not show its configuration.
  init(wanted: [ConfigurationLine], answers: Answers, recreate: Recreate?) throws(Unreadable) {
    let anew = ["+ container router"] + wanted.map { "+ \($0.shown)" }
    guard answers.byName["container"]?.status == 0 else {
      lines = anew
      return
    }
    let isMarked = answers.byName["state"]?.text.filledLines.isEmpty == false
    switch recreate {
    case .never: lines = []
    case .always: lines = ["- container router"] + anew
    case .changed where !isMarked: lines = ["- container router"] + anew
    case .changed, nil:
      let running = Set(Self.paths(try answers.text(of: "configuration")))
      lines =
        wanted.map(\.shown).filter { !running.contains($0) }.map { "+ \($0)" }
        + (recreate == nil ? Self.unwanted(wanted, answers) : []).map { "- \($0)" }
    }
  }

  /// The nodes that were ours the last time and are not any more.
  private static func unwanted(_ wanted: [ConfigurationLine], _ answers: Answers) -> [String] {
    let owned = Set(wanted.compactMap(\.owned))
    guard let record = answers.byName["owned"], record.status == 0 else { return [] }
    return record.text.filledLines.map(String.init).filter { !owned.contains($0) }
  }

  /// The lines of `show configuration commands` without `set` and without quotes.
  private static func paths(_ text: String) -> [String] {
    text.filledLines.filter { $0.hasPrefix("set ") }.map {
      $0.dropFirst(4).filter { $0 != "'" && $0 != "\r" }
    }
  }
}
