import Glibc
import Synchronization
import FleetTesting
import Testing

@testable import HTTPClient

@Suite struct TransferTests {
  @Test func requestAndAnswer() async throws {
    let seen = Mutex("")
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        seen.withLock { $0 = request.head }
        connection.answer(String(decoding: request.body.reversed(), as: UTF8.self))
      }
    }
    defer { server.stop() }
    let response = try await withClient {
      try await $0.perform(
        HTTPRequest(.post, "\(server.url)/path?x=1", headers: ["X-One": "1"], body: Array("abc".utf8)))
    }
    #expect(response.status == 200)
    #expect(response.body == Array("cba".utf8))
    #expect(response.headers["x-test"] == "yes")
    let head = seen.withLock { $0 }
    #expect(head.hasPrefix("POST /path?x=1 HTTP/1.1\r\n"))
    #expect(head.contains("\r\nX-One: 1"))
    #expect(!head.contains("Expect"))
  }

  @Test(arguments: [0, 1, 100_000, 6 << 20])
  func bodiesOfEverySize(size: Int) async throws {
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() { connection.answer(String(request.body.count)) }
    }
    defer { server.stop() }
    for isRepeatable in [true, false] {
      let request = HTTPRequest(
        .post, server.url, body: [UInt8](repeating: 7, count: size), isRepeatable: isRepeatable)
      let response = try await withClient { try await $0.perform(request) }
      #expect(String(decoding: response.body, as: UTF8.self) == "\(size)")
    }
  }

  @Test func oneConnectionServesManyRequests() async throws {
    let server = LoopbackServer { connection, _ in
      while connection.request() != nil { connection.answer("x") }
    }
    defer { server.stop() }
    try await withClient { client in
      for _ in 0..<20 { _ = try await client.perform(HTTPRequest(.get, server.url)) }
    }
    #expect(server.connections == 1)
  }

  @Test func aHangingTransferBlocksNoOther() async throws {
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        if request.head.hasPrefix("GET /hang") {
          _ = connection.request()
          return
        }
        connection.answer("x")
      }
    }
    defer { server.stop() }
    try await withClient { client in
      let hanging = Task { try await client.perform(HTTPRequest(.get, "\(server.url)/hang")) }
      let count = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<50 { group.addTask { try await client.perform(HTTPRequest(.get, server.url)).status } }
        return try await group.reduce(0) { $0 + ($1 == 200 ? 1 : 0) }
      }
      #expect(count == 50)
      hanging.cancel()
      let error = await #expect(throws: HTTPError.self) { try await hanging.value }
      #expect(error?.kind == .cancelled)
    }
  }

  @Test func aDeadConnectionIsReplacedOnce() async throws {
    let server = LoopbackServer { connection, number in
      guard connection.request() != nil else { return }
      connection.answer("\(number)")
      // The first connection dies after its first answer, as a frozen environment's does.
      while number > 1, connection.request() != nil { connection.answer("\(number)") }
    }
    defer { server.stop() }
    try await withClient { client in
      _ = try await client.perform(HTTPRequest(.get, server.url))
      let second = try await client.perform(HTTPRequest(.get, server.url))
      #expect(second.body == Array("2".utf8))
    }
  }

  @Test func whatIsNotRepeatableIsSentOnce() async throws {
    let requests = Mutex(0)
    let server = LoopbackServer { connection, number in
      guard connection.request() != nil else { return }
      connection.answer("first")
      guard connection.request() != nil else { return }
      requests.withLock { $0 += 1 }
      connection.reset()
    }
    defer { server.stop() }
    try await withClient { client in
      _ = try await client.perform(HTTPRequest(.get, server.url))
      let request = HTTPRequest(.post, server.url, body: [1, 2, 3], isRepeatable: false)
      let error = await #expect(throws: HTTPError.self) { try await client.perform(request) }
      #expect(error?.mayHaveArrived == true)
    }
    #expect(requests.withLock { $0 } == 1)
  }

  /// Without a body there is nothing by which libcurl could be told not to.
  @Test(arguments: [HTTPRequest.Method.delete, .post, .put, .get])
  func whatIsNotRepeatableAndHasNoBodyIsSentOnce(method: HTTPRequest.Method) async throws {
    let requests = Mutex(0)
    let server = LoopbackServer { connection, number in
      guard connection.request() != nil else { return }
      if number == 1 {
        connection.answer("first")
        guard connection.request() != nil else { return }
      }
      requests.withLock { $0 += 1 }
      connection.reset()
    }
    defer { server.stop() }
    try await withClient { client in
      _ = try await client.perform(HTTPRequest(.get, server.url))
      let request = HTTPRequest(method, server.url, isRepeatable: false)
      let error = await #expect(throws: HTTPError.self) { try await client.perform(request) }
      #expect(error?.mayHaveArrived == true)
    }
    #expect(requests.withLock { $0 } == 1)
  }

  @Test func refusedIsCertainlyNotSent() async throws {
    let server = LoopbackServer { _, _ in }
    server.stop()
    let error = try await withClient { client in
      await #expect(throws: HTTPError.self) {
        try await client.perform(HTTPRequest(.get, "http://127.0.0.1:1/"))
      }
    }
    #expect(error?.kind == .connection)
    #expect(error?.mayHaveArrived == false)
    #expect(error?.code == 7)
    #expect(error?.message.isEmpty == false)
  }

  @Test func timeoutIsAnError() async throws {
    let server = LoopbackServer { connection, _ in _ = connection.request().map { _ in connection.request() }
    }
    defer { server.stop() }
    let error = try await withClient { client in
      await #expect(throws: HTTPError.self) {
        try await client.perform(HTTPRequest(.get, server.url, timeout: .seconds(0.05)))
      }
    }
    #expect(error?.kind == .timeout)
    #expect(error?.mayHaveArrived == true)
  }

  @Test(arguments: ["ftp://127.0.0.1/", "http://", "nonsense://x"])
  func wrongURLs(url: String) async throws {
    let error = try await withClient { client in
      await #expect(throws: HTTPError.self) { try await client.perform(HTTPRequest(.get, url)) }
    }
    #expect(error?.kind == .invalidRequest)
  }

  @Test func sleepersWakeInOrderAndCanBeCancelled() async throws {
    try await withClient { client in
      let order = Order()
      let cancelled = Task { try await client.sleep(.seconds(3600)) }
      await withTaskGroup(of: Void.self) { group in
        for step in [3, 1, 2] {
          group.addTask {
            try? await client.sleep(.milliseconds(100) * step)
            order.append(step)
          }
        }
      }
      #expect(order.steps == [1, 2, 3])
      cancelled.cancel()
      await #expect(throws: CancellationError.self) { try await cancelled.value }
    }
  }

  @Test func aLoopCanRunOnTheCallersThread() throws {
    let loop = try EventLoop()
    let client = CurlClient(on: loop)
    let thread = UInt(bitPattern: pthread_self().hashValue)
    let status = loop.run {
      try? await client.sleep(.seconds(0.01))
      return UInt(bitPattern: pthread_self().hashValue) == thread ? 7 : 0
    }
    #expect(status == 7)
  }
}

private final class Order: Sendable {
  private let stored = Mutex<[Int]>([])
  var steps: [Int] { stored.withLock { $0 } }
  func append(_ step: Int) { stored.withLock { $0.append(step) } }
}
