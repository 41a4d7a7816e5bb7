import SSMKit

/// Puts a phase's script for one router together.
struct PhaseScripts: Sendable {
  static let passwordParameter = "/sdwan-secrets/ubuntu-password"
  static let pskParameter = "/sdwan-secrets/vpn-psk"
  /// Seconds that a script waits for the host's lock: longer than an abandoned phase 3, shorter than a phase.
  private static let lockWait = 90
  /// Seconds that a new router may take until it answers.
  private static let readyWait = 240

  var version: VyOSVersion

  func baseSetup(region: Region, image: PhaseSettings.Image) -> String {
    var script = begin(region)
    script.set("IMAGE_BUCKET", image.bucket)
    script.set("IMAGE_KEY", image.key)
    script.set("IMAGE_REGION", image.region)
    script.set("PASSWORD_PARAMETER", Self.passwordParameter)
    script.set("READY_WAIT", Self.readyWait)
    script.setText("lxd_preseed", String(decoding: PackageResources.lxd_preseed_yaml, as: UTF8.self))
    script.setText("config_boot", String(decoding: configBoot, as: UTF8.self))
    script.setText("configure_script", configureScript(BaseConfiguration.lines))
    return script.rendered([PackageResources.common_sh, PackageResources.phase1_sh])
  }

  func vpn(region: Region, _ configuration: VPNConfiguration) -> String {
    var script = begin(region)
    script.set("PSK_PARAMETER", Self.pskParameter)
    script.setText("configure_script", configureScript(configuration.lines(for: version)))
    return script.rendered([PackageResources.common_sh, PackageResources.phase2_sh])
  }

  func verification(region: Region, _ expectation: Expectation) -> String {
    var script = begin(region)
    script.set("PING_TARGETS", expectation.pingTargets.joined(separator: " "))
    script.set("ROUTES", expectation.routes.joined(separator: " "))
    script.set("SHOW_CONNECTIONS", version.namesPeers ? "yes" : "no")
    return script.rendered([PackageResources.common_sh, PackageResources.phase3_sh])
  }

  private func begin(_ region: Region) -> ShellScript {
    var script = ShellScript()
    script.set("REGION", region)
    script.set("LOCK_WAIT", Self.lockWait)
    return script
  }

  /// The script that runs inside the router.
  private func configureScript(_ lines: [ConfigurationLine]) -> String {
    String(decoding: PackageResources.configure_begin_vbash, as: UTF8.self)
      + lines.map { $0.call + "\n" }.joined()
      + String(decoding: PackageResources.configure_end_vbash, as: UTF8.self)
  }

  private var configBoot: [UInt8] {
    switch version {
    case .v1_3: PackageResources.config_boot_1_3
    case .v1_4: PackageResources.config_boot_1_4
    case .v1_5: PackageResources.config_boot_1_5
    }
  }
}
