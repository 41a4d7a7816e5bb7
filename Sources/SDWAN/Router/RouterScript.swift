/// A script that runs inside the router: VyOS's environment and our functions, the lines to set, and what to
/// do with them.
struct RouterScript {
  /// Phase 1's end: its lines are nothing that a later run would have to take back.
  static let save = [
    PackageResources.router_commit_vbash, PackageResources.router_apply_vbash,
    Array("save_configuration || finish 5\nfinish 0\n".utf8),
  ]

  /// Leaves the new configuration running and unsaved. If nobody says within some seconds that it shall stay, the router
  /// itself goes back.
  static func unconfirmed(within seconds: Int) -> [UInt8] {
    Array("if [[ $changed == yes ]]; then confirm_within \(seconds); fi\nfinish 0\n".utf8)
  }

  /// Tells the steps behind it which execution they belong to.
  /// - Parameter execution: a mark of hexadecimal digits, or nothing.
  static func belonging(to execution: String) -> [UInt8] {
    Array("execution=\(ShellScript.quoted(execution))\n".utf8)
  }

  private let lines: [ConfigurationLine]
  private let owned: [ConfigurationLine]
  private let steps: [[UInt8]]

  init(_ lines: [ConfigurationLine], steps: [[UInt8]]) {
    self.lines = lines
    owned = lines
    self.steps = steps
  }

  /// A script that sets nothing, but knows which nodes are ours.
  init(owning lines: [ConfigurationLine], steps: [[UInt8]]) {
    self.lines = []
    owned = lines
    self.steps = steps
  }

  var text: String {
    String(decoding: PackageResources.router_functions_vbash, as: UTF8.self)
      + list("owned", owned.compactMap(\.owned)) + list("exclusive", owned.compactMap(\.exclusive))
      + "for_ours_alone < <(exclusive)\n"
      + lines.map { $0.call + "\n" }.joined()
      + steps.map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  /// A function that prints nodes, a line each.
  private func list(_ name: String, _ nodes: [String]) -> String {
    "\(name)() {\n  cat <<'SDWAN_END_OF_LIST'\n\(nodes.map { "\($0)\n" }.joined())SDWAN_END_OF_LIST\n}\n"
  }
}
