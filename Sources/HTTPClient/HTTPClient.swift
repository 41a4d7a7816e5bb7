/// Sends HTTP/1.1 requests over one libcurl multi handle with persistent connections.
///
/// Any number of transfers run at once and none blocks another. The client's isolation is its event loop,
/// so libcurl is only ever touched on that loop's thread.
public actor HTTPClient {
  private let loop: EventLoop
  private var nextID: UInt64 = 0

  /// - Parameter loop: runs the transfers; someone must be running it.
  public init(on loop: EventLoop) {
    self.loop = loop
  }

  /// The event loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// Sends a request and waits for the whole answer.
  /// - Throws: ``HTTPError`` when there is no whole answer; every status code is an answer.
  public func perform(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
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
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  public func sleep(_ seconds: Double) async throws(CancellationError) {
    nextID += 1
    let id = nextID
    let due = Monotonic.now + max(seconds, 0)
    if Task.isCancelled { throw CancellationError() }
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
