import CLibcurl
import Glibc
import Groundwork

/// The libcurl multi handle with the transfers on it and those that wait for a place; used on the event
/// loop's thread only, except for ``wakeUp()``, which libcurl allows from any thread.
final class TransferTable {
  /// Transfers under way at once, and so connections: enough for a fleet's polls, few enough for a small
  /// Lambda.
  private static let places = 64

  /// So many handles are kept for URLs that may come again, before one is given another URL.
  private static let spareHandles = 4

  private let multi: UnsafeMutableRawPointer
  /// In no order; so few are searched faster than a dictionary is made at start.
  private var running: [Transfer] = []
  private var idle: [EasyHandle] = []
  private var waiting = WaitingTransfers()
  private var isStopped = false

  /// - Throws: ``HTTPError`` when libcurl can't be initialised.
  init() throws(HTTPError) {
    guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let multi = curl_multi_init() else {
      throw HTTPError(.outOfMemory, message: "libcurl could not be initialised")
    }
    self.multi = multi
    sdwan_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, Self.places)
  }

  deinit {
    for handle in running.lazy.compactMap(\.handle) { curl_multi_remove_handle(multi, handle.pointer) }
    // Handles let go of their connections before the multi handle that owns these is gone.
    running = []
    idle = []
    curl_multi_cleanup(multi)
  }

  /// Begins a transfer as soon as a place is free.
  func start(_ transfer: Transfer) {
    if isStopped {
      transfer.fail(.stopped, Self.stopped)
    } else if running.count < Self.places {
      begin(transfer)
    } else {
      waiting.append(transfer)
    }
  }

  private static let stopped = "the client's event loop was stopped"

  private func begin(_ transfer: Transfer) {
    guard transfer.timeLeft.map({ $0 > .zero }) ?? true else {
      return transfer.fail(.timeout, "the time was over before it was sent")
    }
    do throws(HTTPError) {
      let handle = if let idle = takeIdle(for: transfer.request.url) { idle } else { try EasyHandle() }
      let refusal = transfer.begin(with: handle)
      guard refusal == CURLE_OK else {
        transfer.finish(refusal)
        return idle.append(handle)
      }
      running.append(transfer)
      curl_multi_add_handle(multi, handle.pointer)
    } catch {
      transfer.fail(error)
    }
  }

  /// A handle that knows the URL already, where there is one: it need not be parsed again.
  private func takeIdle(for url: String) -> EasyHandle? {
    if let index = idle.lastIndex(where: { $0.url == url }) { return idle.remove(at: index) }
    return idle.count < Self.spareHandles ? nil : idle.removeFirst()
  }

  func cancel(_ transfer: Transfer) {
    if let handle = transfer.handle, stopped(handle.pointer) != nil {
      curl_multi_remove_handle(multi, handle.pointer)
      transfer.finishCancelled()
      release(handle)
    } else if waiting.remove(transfer) {
      transfer.finishCancelled()
    }
  }

  /// Ends the transfers whose time is over while they wait for a place; libcurl sees to the others.
  func expire() {
    for transfer in waiting.takeDue(now: .now) {
      transfer.fail(.timeout, "the time was over while it waited for one of \(Self.places) places")
    }
  }

  /// Ends every transfer, and each that comes from now on.
  func stop() {
    isStopped = true
    while let transfer = waiting.popFirst() { transfer.fail(.stopped, Self.stopped) }
    for transfer in running {
      if let handle = transfer.handle { curl_multi_remove_handle(multi, handle.pointer) }
      transfer.fail(.stopped, Self.stopped)
    }
    running = []
  }

  /// Begins anew after a ``stop()``.
  func restart() { isStopped = false }

  /// Moves every transfer on as far as it goes without waiting; true when one has ended.
  func advance() -> Bool {
    if running.isEmpty { return false }
    var active: Int32 = 0
    curl_multi_perform(multi, &active)
    if Int(active) == running.count { return false }
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard sdwan_message_is_done(message) != 0, let pointer = message.pointee.easy_handle else { continue }
      let code = sdwan_message_result(message)
      curl_multi_remove_handle(multi, pointer)
      guard let transfer = stopped(pointer), let handle = transfer.handle else { continue }
      transfer.finish(code)
      release(handle)
    }
    return true
  }

  /// Takes a handle's transfer off those that are running.
  private func stopped(_ handle: UnsafeMutableRawPointer) -> Transfer? {
    guard let index = running.firstIndex(where: { $0.handle?.pointer == handle }) else { return nil }
    running.swapAt(index, running.count - 1)
    return running.removeLast()
  }

  private func release(_ handle: EasyHandle) {
    idle.append(handle)
    // More than one where the next can't be sent at all.
    while running.count < Self.places, let next = waiting.popFirst() { begin(next) }
  }

  /// When the next of those that wait for a place has to end.
  var nextDeadline: Deadline { waiting.nextDeadline }

  /// Sleeps until a transfer can go on, one of `descriptors` is readable, someone calls ``wakeUp()``, or the
  /// time is over.
  func wait(alsoReading descriptors: [Int32], milliseconds: Int32) -> Set<Int32> {
    var extra = descriptors.map { curl_waitfd(fd: $0, events: Int16(CURL_WAIT_POLLIN), revents: 0) }
    curl_multi_poll(multi, &extra, UInt32(extra.count), milliseconds, nil)
    return Set(extra.lazy.filter { $0.revents != 0 }.map(\.fd))
  }

  /// Ends a ``wait(alsoReading:milliseconds:)`` that is under way or comes next.
  func wakeUp() { curl_multi_wakeup(multi) }
}
