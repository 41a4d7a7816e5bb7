import Groundwork

/// Sends HTTP/1.1 requests over one libcurl multi handle with persistent connections.
///
/// 64 transfers run at once and none blocks another; more wait for a place, first come, first served. The client's
/// isolation is its event loop, so libcurl is only ever touched on that loop's thread.
///
/// Redirects are answers like any other and are not followed, cookies and `.netrc` are not read, and a body comes as
/// it was sent, compressed or not.
public actor CurlClient {
  private let loop: EventLoop
  private var nextID: UInt64 = 0

  /// - Parameter loop: runs the transfers; someone must be running it.
  public init(on loop: EventLoop) {
    self.loop = loop
  }

  /// The event loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// Sends a request and waits for the whole answer.
  /// - Throws: ``HTTPError`` when the request can't be sent as it is (``HTTPError/Kind/invalidRequest``), the loop has
  ///   been stopped (``HTTPError/Kind/stopped``), or there is no whole answer; every status code is an answer.
  public func perform(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    if let flaw = request.flaw {
      throw HTTPError(.invalidRequest, message: flaw, url: request.url.urlWithoutSecrets.shown(bytes: 500))
    }
    let transfer = Transfer(request)
    guard request.isCancellable else { return try await run(transfer).get() }
    let outcome = await withTaskCancellationHandler {
      await run(transfer)
    } onCancel: {
      Task { await self.cancel(transfer) }
    }
    return try outcome.get()
  }

  private func run(_ transfer: Transfer) async -> Result<HTTPResponse, HTTPError> {
    await withUnsafeContinuation { continuation in
      transfer.continuation = continuation
      if transfer.request.isCancellable && Task.isCancelled { return transfer.finishCancelled() }
      loop.multi.start(transfer)
    }
  }

  private func cancel(_ transfer: Transfer) {
    loop.multi.cancel(transfer)
  }

  /// Waits on the event loop's timers.
  /// - Parameter time: 0 and less don't wait.
  /// - Throws: `CancellationError` as soon as the task is cancelled or the loop is stopped.
  public func sleep(_ time: Duration) async throws(CancellationError) {
    nextID += 1
    let id = nextID
    let due = Instant.now + max(time, .zero)
    if Task.isCancelled || loop.isStopping { throw CancellationError() }
    let woke = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.addTimer(Timer(id: id, due: due, continuation: continuation))
      }
    } onCancel: {
      Task { await self.cancelSleep(id) }
    }
    if !woke { throw CancellationError() }
  }

  private func cancelSleep(_ id: UInt64) {
    loop.removeTimer(id)?.cancel()
  }

  /// Calls `whenReadable` on the loop's thread whenever a file descriptor has something to read.
  public func watch(_ descriptor: Int32, whenReadable: @escaping @Sendable () -> Void) {
    loop.addWatch(descriptor, whenReadable)
  }
}
