import AWSClient

/// Phase 1's script: packages, LXD, and the router's container.
struct BaseSetupScript: Sendable {
  /// Seconds that a new router may take until it answers.
  private static let readyWait = 240

  var version: VyOSVersion
  var secrets: NetworkSecrets
  var image: RouterImage
  var recreate: Recreate
  /// After which the agent ends the script.
  var timeout: Duration

  /// - Parameter isPlan: whether the script only tells what it would do.
  func text(region: Region, isPlan: Bool = false) -> String {
    var script = ShellScript.host(in: region, within: timeout)
    script.set("IMAGE_BUCKET", image.bucket)
    script.set("IMAGE_KEY", image.key)
    script.set("IMAGE_REGION", image.region)
    script.set("IMAGE_SHA256", image.sha256)
    script.set("PASSWORD_PARAMETER", secrets.password)
    script.set("READY_WAIT", Self.readyWait)
    script.set("RECREATE", recreate.rawValue)
    script.set("PLAN", isPlan ? "yes" : "no")
    script.setText("lxd_preseed", String(decoding: PackageResources.lxd_preseed_yaml, as: UTF8.self))
    script.setText("config_boot", String(decoding: configBoot, as: UTF8.self))
    script.setText("router_library", RouterScript.newRouterLibrary)
    script.setText(
      "configure_script", behind: "router_library",
      RouterScript(BaseConfiguration.lines, steps: [.routerBase]).text)
    return script.rendered([.common, .container, .packages, .cards, .image, .replacement, .phase1])
  }

  private var configBoot: [UInt8] {
    switch version {
    case .v1_3: PackageResources.config_boot_1_3
    case .v1_4: PackageResources.config_boot_1_4
    case .v1_5: PackageResources.config_boot_1_5
    }
  }
}
