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
    var script = ShellScript.host(in: region, within: timeout)
    script.set("PSK_PARAMETER", secrets.key)
    script.set("WANTED_KEYS", configuration.keys.map(\.word).joined(separator: " "))
    script.set("CONFIRM", seconds == nil ? "no" : "yes")
    script.set("WAKE_WAIT", wakeAfter)
    script.set("PEER_ADDRESSES", configuration.peers.map(\.eip.description).joined(separator: " "))
    script.setText("router_library", RouterScript.library(owning: lines, .routerCommit, .routerPrevious))
    let apply = [RouterScript.belonging(to: execution), .routerApply]
    let keep = seconds.map { RouterScript.unconfirmed(within: $0 + Self.decisionTime) } ?? .routerKeep
    script.setText(
      "configure_script", behind: "router_library", RouterScript(lines, steps: apply + [keep]).text)
    if let seconds {
      script.set("CONFIRM_WAIT", seconds)
      script.setText("keep_script", behind: "router_library", RouterScript(steps: [.routerKeep]).text)
      script.setText("restore_script", behind: "router_library", RouterScript(steps: [.routerRestore]).text)
    }
    script.setText("wake_script", configuration.wakeScript(for: version))
    return script.rendered([.common, .container, .keys] + (seconds == nil ? [] : [.confirm]) + [.phase2])
  }

  /// Gives a router the configuration back that it had before an execution changed it.
  func rollback(region: Region, execution: String) -> String {
    var script = ShellScript.host(in: region, within: timeout)
    script.setText("router_library", RouterScript.library(owning: [], .routerCommit, .routerPrevious))
    let steps = [RouterScript.belonging(to: execution), .routerRollback]
    script.setText("rollback_script", behind: "router_library", RouterScript(steps: steps).text)
    return script.rendered([.common, .container, .rollback])
  }

  /// Tells what phase 2 would change, and changes nothing: what it puts into the router holds no commit.
  /// - Parameter first: the first of the plan's lines that is told, counted from 1.
  func plan(region: Region, _ configuration: VPNConfiguration, from first: Int = 1) -> String {
    let lines = configuration.lines(for: version)
    let asked = RouterScript(lines, steps: [.routerDifferences, .routerPlan])
    return plan(asked, owning: lines, keys: configuration.keys, region, first)
  }

  /// Tells what going back to the configuration before the last change would change, and changes nothing.
  /// - Parameter first: as of ``plan(region:_:from:)``.
  func rollbackPlan(region: Region, from first: Int = 1) -> String {
    let asked = RouterScript(steps: [.routerDifferences, .routerRollbackPlan])
    return plan(asked, owning: [], keys: [], region, first)
  }

  private func plan(
    _ asked: RouterScript, owning lines: [ConfigurationLine], keys: [TunnelKey], _ region: Region,
    _ first: Int
  ) -> String {
    var script = ShellScript.host(in: region, within: timeout)
    script.set("FIRST_LINE", first)
    script.set("MOST_LINES", PlannedChanges.mostLines)
    script.set("PSK_PARAMETER", secrets.key)
    script.set("WANTED_KEYS", keys.map(\.word).joined(separator: " "))
    // As much as a router of a thousand tunnels that has none of them yet.
    script.set("LONGEST_PRINTED", 2_000_000)
    script.setText("router_library", RouterScript.library(owning: lines))
    script.setText("plan_script", behind: "router_library", asked.text)
    return script.rendered([.common, .container, .keys, .answers, .plan])
  }
}
