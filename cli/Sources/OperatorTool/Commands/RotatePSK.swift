import ArgumentParser
import Groundwork

/// A new pre-shared key.
struct RotatePSK: OperatorCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-psk",
    abstract: "Gives the tunnels, or one, a new pre-shared key; the old one comes back where it fails.",
    discussion: """
      Tunnels that are up stay up; the key counts from the next IKE authentication on. Nobody sees it: it goes from this \
      machine to Parameter Store, and from there to the routers.
      """)

  @Argument(
    help: "A tunnel, which then has a key of its own (default: the key of all that have none of their own).")
  var tunnel: String?

  @Flag(name: .shortAndLong, help: "Ask no questions.")
  var yes = false

  @OptionGroup var global: GlobalOptions

  func perform(_ tool: Tool) async throws(ToolError) -> Outcome {
    let network = try await NetworkConfiguration(tool)
    let scope = try KeyRotation.Scope(tunnel, network.topology, network: tool.global.name)
    let whom = tunnel.map { "tunnel \($0)" } ?? "all tunnels of \(tool.global.name)"
    try tool.confirm("give \(whom) a new key?", yes)
    let end = try await KeyRotation(tool: tool, scope: scope, random: { .random(in: .min ... .max) }).run()
    show(end, scope, tool.screen)
    return end == .rotated ? .asWanted : .unwell
  }

  private func show(_ end: KeyRotation.End, _ scope: KeyRotation.Scope, _ screen: Screen) {
    var reason: String?
    if case .restored(let why) = end { reason = why }
    if screen.isJSON {
      screen.say(json: Page(parameter: scope.parameter, rotated: reason == nil, reason: reason))
      return
    }
    guard reason == nil else { return screen.say("The old key is back, and the tunnels are well.") }
    screen.say("The new key is in use.")
    guard tunnel == nil else { return }
    let words = """
      Terraform would write its own value back when you raise secrets_version. Give it this one then: \
      TF_VAR_vpn_psk="$(aws ssm get-parameter --with-decryption --name \(scope.parameter) --query Parameter.Value \
      --output text)"
      """
    screen.wrapped(words, indent: 0).forEach(screen.say)
  }

  /// docs/schema/rotate-psk.json.
  private struct Page: Encodable {
    var parameter: String
    var rotated: Bool
    var reason: String?
  }
}
