import Glibc
import HTTPClient

/// Turns SIGTERM, which Lambda sends where an extension is registered, into a call on the event loop.
enum Termination {
  /// Written by the signal handler, where only async-signal-safe calls are allowed, so a plain global.
  /// Set once, before the handler is installed.
  nonisolated(unsafe) private static var pipeEnd: Int32 = -1

  static func watch(_ client: CurlClient, whenAsked: @escaping @Sendable () -> Void) async {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    pipeEnd = ends[1]
    let readEnd = ends[0]
    await client.watch(readEnd) {
      var byte: UInt8 = 0
      while read(readEnd, &byte, 1) > 0 {}
      whenAsked()
    }
    signal(SIGTERM) { _ in
      var byte: UInt8 = 1
      _ = write(Termination.pipeEnd, &byte, 1)
    }
  }
}
