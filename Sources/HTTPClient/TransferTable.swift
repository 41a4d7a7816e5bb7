import CLibcurl
import Glibc

/// The libcurl multi handle with the transfers on it; used on the event loop's thread only, except for
/// ``wakeUp()``, which libcurl allows from any thread.
final class TransferTable {
  /// Connections kept and open at once: enough for a fleet's polls, few enough for a small Lambda.
  private static let maximumConnections = 64

  private let multi: UnsafeMutableRawPointer
  private var running: [UnsafeMutableRawPointer: Transfer] = [:]

  /// - Throws: ``HTTPError`` when libcurl can't be initialised.
  init() throws(HTTPError) {
    guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let multi = curl_multi_init() else {
      throw HTTPError(.outOfMemory, message: "libcurl could not be initialised")
    }
    self.multi = multi
    sdwan_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, Self.maximumConnections)
    sdwan_multi_setopt_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.maximumConnections)
  }

  deinit {
    for transfer in running.values { curl_multi_remove_handle(multi, transfer.handle) }
    curl_multi_cleanup(multi)
  }

  func start(_ transfer: Transfer) {
    running[transfer.handle] = transfer
    curl_multi_add_handle(multi, transfer.handle)
  }

  func cancel(_ transfer: Transfer) {
    guard running.removeValue(forKey: transfer.handle) != nil else { return }
    curl_multi_remove_handle(multi, transfer.handle)
    transfer.finishCancelled()
  }

  /// Moves every transfer on as far as it goes without waiting; true when one has ended.
  func advance() -> Bool {
    if running.isEmpty { return false }
    var active: Int32 = 0
    curl_multi_perform(multi, &active)
    var left: Int32 = 0
    var someEnded = false
    while let message = curl_multi_info_read(multi, &left) {
      guard sdwan_message_is_done(message) != 0, let handle = message.pointee.easy_handle else { continue }
      let code = sdwan_message_result(message)
      curl_multi_remove_handle(multi, handle)
      running.removeValue(forKey: handle)?.finish(code)
      someEnded = true
    }
    return someEnded
  }

  /// Sleeps until a transfer can go on, one of `descriptors` is readable, someone calls ``wakeUp()``, or the
  /// time is over (nil: no limit).
  func wait(alsoReading descriptors: [Int32], milliseconds: Int32?) -> Set<Int32> {
    var extra = descriptors.map { curl_waitfd(fd: $0, events: Int16(CURL_WAIT_POLLIN), revents: 0) }
    curl_multi_poll(multi, &extra, UInt32(extra.count), milliseconds ?? 3_600_000, nil)
    return Set(extra.lazy.filter { $0.revents != 0 }.map(\.fd))
  }

  /// Ends a ``wait(alsoReading:milliseconds:)`` that is under way or comes next.
  func wakeUp() { curl_multi_wakeup(multi) }
}
