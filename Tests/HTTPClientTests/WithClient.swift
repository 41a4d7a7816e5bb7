import HTTPClient

/// Runs a test's body beside an event loop's own thread.
func withClient<Value>(_ body: (CurlClient) async throws -> Value) async throws -> Value {
  let loop = try EventLoop()
  loop.startThread()
  defer { loop.stop() }
  return try await body(CurlClient(on: loop))
}

/// How a request fails; nil when it does not.
func failure(of request: HTTPRequest) async throws -> HTTPError? {
  try await withClient { client in
    do throws(HTTPError) {
      _ = try await client.perform(request)
      return nil
    } catch {
      return error
    }
  }
}
