import FleetKit
import Groundwork
import SSMKit

/// What phases 1 and 2 know of a router beside their scripts' output.
struct ConfigurationDetails: TargetDetails {
  /// `committed`, `unchanged` or `restored`; nil where the script did not say.
  private(set) var configuration: String?

  init() {}

  /// - Parameter output: what the script has printed.
  init(_ output: String) {
    if output.contains("sdwan: configuration committed") { configuration = "committed" }
    if output.contains("sdwan: configuration restored") { configuration = "restored" }
    let unchanged = ["sdwan: configuration unchanged", "sdwan: the router is as wanted"]
    if unchanged.contains(where: output.contains) { configuration = "unchanged" }
  }
}

/// A work whose script says what has become of the router's configuration.
protocol ConfigurationWork: FleetWork where Details == ConfigurationDetails {}

extension ConfigurationWork {
  var readsOutputs: Bool { false }

  func conclude(
    _ said: [CommandResult], of target: Target, _ look: Look
  ) throws(Obstacle) -> Conclusion<ConfigurationDetails> {
    let end = said.last ?? CommandResult(.failed, stderr: "nothing was sent")
    return Conclusion(TargetResult(end, details: ConfigurationDetails(end.stdout)))
  }
}
