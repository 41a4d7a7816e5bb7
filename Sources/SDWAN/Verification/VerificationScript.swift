import AWSClient

/// Phase 3's script.
struct VerificationScript: Sendable {
  var version: VyOSVersion
  /// After which the agent ends a script.
  var timeout: Duration

  /// - Parameter questions: which of the questions this command asks.
  func text(region: Region, _ expectation: Expectation, _ questions: Questions) -> String {
    let pinged = expectation.only(questions.peers)
    let wantsRoutes = questions.tables.contains(.routes)
    var script = ShellScript.host(in: region, within: timeout)
    script.set("LONGEST_PRINTED", PackedOutput.longestAnswer(tunnels: expectation.peers.count))
    script.set("QUESTIONS", questions.tables.map(\.rawValue).joined(separator: " "))
    script.set("PING_TARGETS", pinged.pingTargets.joined(separator: " "))
    script.set("FULL_SIZE_TARGETS", pinged.fullSizePingTargets.joined(separator: " "))
    script.set("FULL_SIZE", InnerPacket.pingPayload)
    script.set("IPSEC_LOG", version.namesPeers ? "ipsec" : "vpn ipsec")
    script.set("ROUTES", wantsRoutes ? expectation.routes.joined(separator: " ") : "")
    return script.rendered([.common, .answers, .phase3])
  }
}
