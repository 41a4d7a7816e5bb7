import AWSClient

extension ShellScript {
  /// Seconds that a script waits for the host's lock: longer than an abandoned phase 3, shorter than a phase.
  private static let lockWait = 90

  /// The beginning of every script for a host.
  /// - Parameters:
  ///   - region: the host's own.
  ///   - time: when the agent ends the script.
  static func host(in region: Region, within time: Duration) -> ShellScript {
    let timeout = time.inWholeSeconds
    var script = ShellScript()
    script.set("REGION", region)
    script.set("LOCK_WAIT", min(lockWait, max(timeout / 2, 1)))
    // Early enough to say what took so long, before the agent ends it.
    script.set("TIME_LIMIT", max(timeout - max(timeout / 20, 2), 1))
    return script
  }
}
