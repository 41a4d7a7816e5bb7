import Groundwork

extension Clock {
  /// The machine's clocks; sleepers wait on the client's event loop.
  public static func live(on client: CurlClient) -> Clock {
    Clock(
      wall: { .now }, now: { .now },
      sleep: { (time: Duration) async throws(CancellationError) in try await client.sleep(time) })
  }
}
