/// A script that runs inside the router: VyOS's environment and our functions, which several scripts for a router share, the lines
/// to set, and what to do with them.
struct RouterScript: Sendable {
  /// Leaves the new configuration running and unsaved. If nobody says within some seconds that it shall stay, the router
  /// itself goes back.
  static func unconfirmed(within seconds: Int) -> Template {
    Template(text: "if [[ $changed == yes ]]; then confirm_within \(seconds); fi\nfinish 0\n")
  }

  /// Tells the steps behind it which execution they belong to.
  /// - Parameter execution: a mark of hexadecimal digits, or nothing.
  static func belonging(to execution: String) -> Template {
    Template(text: "execution=\(ShellScript.quoted(execution))\n")
  }

  /// What the scripts for a router begin with that has nodes of ours.
  /// - Parameters:
  ///   - lines: they say which nodes that are.
  ///   - parts: functions, beside those of all scripts.
  static func library(owning lines: [ConfigurationLine], _ parts: Template...) -> String {
    var library = library([.routerOurs] + parts)
    appendList("owned", lines.lazy.compactMap(\.owned), to: &library)
    appendList("exclusive", lines.lazy.compactMap(\.exclusive), to: &library)
    library += "for_ours_alone < <(exclusive)\nconfigure\n"
    return library
  }

  /// What the script for a router begins with that is being made: nothing in it has to be taken back.
  static var newRouterLibrary: String { library([.routerCommit]) + "configure\n" }

  private static func library(_ parts: [Template]) -> String {
    "#!/bin/vbash\n\(Template.routerSession.text)\(parts.map(\.text).joined())"
  }

  /// A function that prints nodes, a line each.
  private static func appendList(_ name: String, _ nodes: some Sequence<String>, to script: inout String) {
    script += "\(name)() {\n  cat <<'SDWAN_END_OF_LIST'\n"
    for node in nodes {
      script += node
      script += "\n"
    }
    script += "SDWAN_END_OF_LIST\n}\n"
  }

  private let lines: [ConfigurationLine]
  private let steps: [Template]

  /// What comes behind the library.
  /// - Parameters:
  ///   - lines: what is set.
  ///   - steps: what is done then.
  init(_ lines: [ConfigurationLine] = [], steps: [Template]) {
    self.lines = lines
    self.steps = steps
  }

  var text: String {
    var text = ""
    for line in lines { line.appendCall(to: &text) }
    for step in steps { text += step.text }
    return text
  }
}
