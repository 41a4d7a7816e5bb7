import Glibc
import HTTPClient
import Synchronization

/// Turns SIGTERM, which Lambda sends where an extension is registered, into a call on the event loop.
enum Termination {
  /// Written by the signal handler, where only async-signal-safe calls are allowed, so a plain global.
  /// Set once, before the handler is installed.
  nonisolated(unsafe) private static var pipeEnd: Int32 = -1

  /// Set by the signal handler too: the event loop looks at the pipe only when it has nothing else to do.
  private static let asked = Atomic(false)

  /// Whether the process was asked to end.
  static var isAsked: Bool { asked.load(ordering: .relaxed) }

  static func watch(_ client: CurlClient, whenAsked: @escaping @Sendable () -> Void) async {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    pipeEnd = ends[1]
    let readEnd = ends[0]
    // Makes the flag before the handler needs it.
    asked.store(false, ordering: .relaxed)
    await client.watch(readEnd) {
      var byte: UInt8 = 0
      while read(readEnd, &byte, 1) > 0 {}
      whenAsked()
    }
    signal(SIGTERM) { _ in
      Termination.asked.store(true, ordering: .relaxed)
      var byte: UInt8 = 1
      _ = write(Termination.pipeEnd, &byte, 1)
    }
  }
}
