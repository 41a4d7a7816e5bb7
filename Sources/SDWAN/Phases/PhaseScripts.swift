import SSMKit

/// Puts a phase's script for one router together.
struct PhaseScripts: Sendable {
  static let passwordParameter = "/sdwan-secrets/ubuntu-password"
  static let pskParameter = "/sdwan-secrets/vpn-psk"
  /// Seconds that a script waits for the host's lock: longer than an abandoned phase 3, shorter than a phase.
  private static let lockWait = 90
  /// Seconds that a script on a host may take to say that a configuration shall stay, once it knows.
  private static let decisionTime = 90
  /// Seconds that a new router may take until it answers.
  private static let readyWait = 240

  var version: VyOSVersion
  /// Seconds after which the agent ends a script.
  var timeout: Int

  /// - Parameter isPlan: whether the script only tells what it would do.
  func baseSetup(
    region: Region, image: PhaseSettings.Image, recreate: Recreate, isPlan: Bool = false
  ) -> String {
    var script = begin(region)
    script.set("IMAGE_BUCKET", image.bucket)
    script.set("IMAGE_KEY", image.key)
    script.set("IMAGE_REGION", image.region)
    script.set("IMAGE_SHA256", image.sha256)
    script.set("PASSWORD_PARAMETER", Self.passwordParameter)
    script.set("READY_WAIT", Self.readyWait)
    script.set("RECREATE", recreate.rawValue)
    script.set("PLAN", isPlan ? "yes" : "no")
    script.setText("lxd_preseed", String(decoding: PackageResources.lxd_preseed_yaml, as: UTF8.self))
    script.setText("config_boot", String(decoding: configBoot, as: UTF8.self))
    script.setText(
      "configure_script", RouterScript(BaseConfiguration.lines, steps: RouterScript.save).text)
    return script.rendered([
      PackageResources.common_sh, PackageResources.container_sh, PackageResources.packages_sh,
      PackageResources.cards_sh, PackageResources.image_sh, PackageResources.replacement_sh,
      PackageResources.phase1_sh,
    ])
  }

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
    var script = begin(region)
    script.set("PSK_PARAMETER", Self.pskParameter)
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
    var script = begin(region)
    let steps = [
      RouterScript.belonging(to: execution), PackageResources.router_commit_vbash,
      PackageResources.router_rollback_vbash,
    ]
    script.setText("rollback_script", RouterScript(owning: [], steps: steps).text)
    return script.rendered([
      PackageResources.common_sh, PackageResources.container_sh, PackageResources.rollback_sh,
    ])
  }

  /// - Parameter questions: which of the questions this command asks.
  func verification(region: Region, _ expectation: Expectation, _ questions: Questions) -> String {
    let pinged = expectation.only(questions.peers)
    let wantsRoutes = questions.tables.contains(.routes)
    var script = begin(region)
    script.set("LONGEST_PRINTED", PackedOutput.longestAnswer(tunnels: expectation.peers.count))
    script.set("QUESTIONS", questions.tables.map(\.rawValue).joined(separator: " "))
    script.set("PING_TARGETS", pinged.pingTargets.joined(separator: " "))
    script.set("FULL_SIZE_TARGETS", pinged.fullSizePingTargets.joined(separator: " "))
    script.set("FULL_SIZE", InnerPacket.pingPayload)
    script.set("IPSEC_LOG", version.namesPeers ? "ipsec" : "vpn ipsec")
    script.set("ROUTES", wantsRoutes ? expectation.routes.joined(separator: " ") : "")
    return script.rendered([
      PackageResources.common_sh, PackageResources.answers_sh, PackageResources.phase3_sh,
    ])
  }

  /// Tells what phase 2 would change, and changes nothing: what it puts into the router holds no commit.
  /// - Parameter first: the first of the plan's lines that is told, counted from 1.
  func plan(region: Region, _ configuration: VPNConfiguration, from first: Int = 1) -> String {
    var script = begin(region)
    script.set("FIRST_LINE", first)
    script.set("MOST_LINES", PlannedChanges.mostLines)
    script.set("PSK_PARAMETER", Self.pskParameter)
    // As much as a router of a thousand tunnels that has none of them yet.
    script.set("LONGEST_PRINTED", 2_000_000)
    let lines = configuration.lines(for: version)
    script.setText("plan_script", RouterScript(lines, steps: [PackageResources.router_plan_vbash]).text)
    return script.rendered([
      PackageResources.common_sh, PackageResources.container_sh, PackageResources.psk_sh,
      PackageResources.answers_sh, PackageResources.plan_sh,
    ])
  }

  private func begin(_ region: Region) -> ShellScript {
    var script = ShellScript()
    script.set("REGION", region)
    script.set("LOCK_WAIT", min(Self.lockWait, max(timeout / 2, 1)))
    script.set("TIME_LIMIT", timeLimit)
    return script
  }

  /// Seconds that a script gives itself: early enough to say what took so long, before the agent ends it.
  private var timeLimit: Int { max(timeout - max(timeout / 20, 2), 1) }

  private var configBoot: [UInt8] {
    switch version {
    case .v1_3: PackageResources.config_boot_1_3
    case .v1_4: PackageResources.config_boot_1_4
    case .v1_5: PackageResources.config_boot_1_5
    }
  }
}
