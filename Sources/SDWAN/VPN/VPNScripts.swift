import AWSClient

/// Phase 2's scripts for one router.
struct VPNScripts: Sendable {
  /// Seconds that a script on a host may take to say that a configuration shall stay, once it knows.
  private static let decisionTime = 90

  var version: VyOSVersion
  var secrets: NetworkSecrets
  /// After which the agent ends a script.
  var timeout: Duration

  /// - Parameter confirmWithin: seconds in which every tunnel has to come up, or the router goes back to its
  ///   previous configuration; nil keeps the new one in any case.
  /// - Parameter wakeAfter: seconds in which a tunnel should come up by itself. An initiator that nobody answers tries again
  ///   after 4, 11 and 24, and the routers of a network are done within a few of each other.
  /// - Parameter execution: the execution's mark, kept with the previous configuration, so that a rollback takes
  ///   back its own changes only; empty outside of an execution.
  func vpn(
    region: Region, _ configuration: VPNConfiguration, confirmWithin seconds: Int?, wakeAfter: Int = 15,
    execution: String
  ) -> String {
    let lines = configuration.lines(for: version)
    let keep = [
      seconds.map { RouterScript.unconfirmed(within: $0 + Self.decisionTime) }
        ?? PackageResources.router_keep_vbash
    ]
    var script = ShellScript.host(in: region, within: timeout)
    script.set("PSK_PARAMETER", secrets.key)
    script.set("WANTED_KEYS", configuration.keys.map(\.word).joined(separator: " "))
    script.set("CONFIRM", seconds == nil ? "no" : "yes")
    script.set("CONFIRM_WAIT", seconds ?? 0)
    script.set("WAKE_WAIT", wakeAfter)
    script.set("PEER_ADDRESSES", configuration.peers.map(\.eip.description).joined(separator: " "))
    let commit = PackageResources.router_commit_vbash
    let apply = [RouterScript.belonging(to: execution), commit, PackageResources.router_apply_vbash]
    script.setText("configure_script", RouterScript(lines, steps: apply + keep).text)
    script.setText("wake_script", configuration.wakeScript(for: version))
    script.setText(
      "keep_script", RouterScript(owning: lines, steps: [commit, PackageResources.router_keep_vbash]).text)
    script.setText(
      "restore_script",
      RouterScript(owning: lines, steps: [commit, PackageResources.router_restore_vbash]).text)
    return script.rendered([
      PackageResources.common_sh, PackageResources.container_sh, PackageResources.psk_sh,
      PackageResources.phase2_sh,
    ])
  }

  /// Gives a router the configuration back that it had before an execution changed it.
  func rollback(region: Region, execution: String) -> String {
    var script = ShellScript.host(in: region, within: timeout)
    let steps = [
      RouterScript.belonging(to: execution), PackageResources.router_commit_vbash,
      PackageResources.router_rollback_vbash,
    ]
    script.setText("rollback_script", RouterScript(owning: [], steps: steps).text)
    return script.rendered([
      PackageResources.common_sh, PackageResources.container_sh, PackageResources.rollback_sh,
    ])
  }

  /// Tells what phase 2 would change, and changes nothing: what it puts into the router holds no commit.
  /// - Parameter first: the first of the plan's lines that is told, counted from 1.
  func plan(region: Region, _ configuration: VPNConfiguration, from first: Int = 1) -> String {
    var script = ShellScript.host(in: region, within: timeout)
    script.set("FIRST_LINE", first)
    script.set("MOST_LINES", PlannedChanges.mostLines)
    script.set("PSK_PARAMETER", secrets.key)
    script.set("WANTED_KEYS", configuration.keys.map(\.word).joined(separator: " "))
    // As much as a router of a thousand tunnels that has none of them yet.
    script.set("LONGEST_PRINTED", 2_000_000)
    let lines = configuration.lines(for: version)
    script.setText("plan_script", RouterScript(lines, steps: [PackageResources.router_plan_vbash]).text)
    return script.rendered([
      PackageResources.common_sh, PackageResources.container_sh, PackageResources.psk_sh,
      PackageResources.answers_sh, PackageResources.plan_sh,
    ])
  }
}
