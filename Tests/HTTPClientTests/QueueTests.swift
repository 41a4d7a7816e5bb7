import Glibc
import Synchronization
import FleetTesting
import Testing

@testable import HTTPClient

/// More transfers than there are places, and loops that nobody runs any more.
@Suite struct QueueTests {
  /// A server that never answers.
  private func silent() -> LoopbackServer {
    LoopbackServer { connection, _ in while connection.request() != nil {} }
  }

  @Test func whoWaitsForAPlaceEndsAtItsDeadlineToo() async throws {
    let server = silent()
    defer { server.stop() }
    let errors = try await withClient { client in
      // Every place is taken by somebody who has no time limit.
      let hanging = (0..<64).map { _ in Task { try await client.perform(HTTPRequest(.get, server.url)) } }
      while server.connections < 64 { try await client.sleep(.seconds(0.01)) }
      defer { for task in hanging { task.cancel() } }
      return await withTaskGroup(of: HTTPError?.self) { group in
        for number in 0..<200 {
          group.addTask {
            do throws(HTTPError) {
              let timeout = Duration.milliseconds(50 + number % 5 * 10)
              _ = try await client.perform(HTTPRequest(.get, server.url, timeout: timeout))
              return nil
            } catch {
              return error
            }
          }
        }
        return await group.reduce(into: [HTTPError?]()) { $0.append($1) }
      }
    }
    #expect(errors.count == 200)
    #expect(errors.allSatisfy { $0?.kind == .timeout && $0?.mayHaveArrived == false && $0?.code == 0 })
    #expect(errors.first??.message.contains("waited") == true)
    #expect(server.connections == 64)
  }

  @Test func whoWaitsGetsThePlaceOfOneWhoseTimeIsOver() async throws {
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        if !request.head.hasPrefix("GET /hang") { connection.answer("x") }
      }
    }
    defer { server.stop() }
    let statuses = try await withClient { client in
      await withTaskGroup(of: Int?.self) { group in
        for _ in 0..<64 {
          group.addTask {
            try? await client.perform(HTTPRequest(.get, "\(server.url)/hang", exchangeTimeout: .seconds(0.2)))
              .status
          }
        }
        for _ in 0..<100 {
          group.addTask {
            try? await client.perform(HTTPRequest(.get, server.url, exchangeTimeout: .seconds(5))).status
          }
        }
        return await group.reduce(into: [Int?]()) { $0.append($1) }
      }
    }
    #expect(statuses.filter { $0 == 200 }.count == 100)
  }

  @Test func aStoppedLoopTellsThoseWhoWait() async throws {
    let server = silent()
    defer { server.stop() }
    let loop = try EventLoop()
    loop.startThread()
    let client = CurlClient(on: loop)
    let hanging = (0..<70).map { _ in Task { try await client.perform(HTTPRequest(.get, server.url)) } }
    let sleeper = Task { try await client.sleep(.seconds(3600)) }
    while server.connections < 64 { try await client.sleep(.seconds(0.01)) }
    loop.stop()
    for task in hanging {
      let error = await #expect(throws: HTTPError.self) { try await task.value }
      #expect(error?.kind == .stopped)
    }
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }

  @Test func aStoppedLoopTellsThoseWhoComeLater() async throws {
    let loop = try EventLoop()
    loop.startThread()
    let client = CurlClient(on: loop)
    try await client.sleep(.seconds(0))
    loop.stop()
    for _ in 0..<50 {
      let error = await #expect(throws: HTTPError.self) {
        try await client.perform(HTTPRequest(.get, "http://127.0.0.1:1/"))
      }
      #expect(error?.kind == .stopped)
      await #expect(throws: CancellationError.self) { try await client.sleep(.seconds(1)) }
    }
  }

  /// Stopped and started again in a hurry, by whom it may be: there is one thread, and whoever comes last is served.
  @Test func aLoopThatIsStartedAgain() async throws {
    let server = LoopbackServer { connection, _ in
      while connection.request() != nil { connection.answer("x") }
    }
    defer { server.stop() }
    let loop = try EventLoop()
    let client = CurlClient(on: loop)
    for _ in 0..<50 {
      loop.startThread()
      loop.startThread()
      loop.stop()
      loop.startThread()
      #expect(try await client.perform(HTTPRequest(.get, server.url)).status == 200)
      loop.stop()
    }
  }

  @Test func whatNeverEndsKeepsNoLoopFromReturning() throws {
    let loop = try EventLoop()
    let client = CurlClient(on: loop)
    let flag = Flag()
    let status = loop.run {
      Task { while !flag.isUp.load(ordering: .relaxed) { try? await client.sleep(.seconds(0)) } }
      return 7
    }
    flag.isUp.store(true, ordering: .relaxed)
    #expect(status == 7)
  }

  /// Again and again: the thread that tells a late one may be about to leave when the loop is run again, and for a moment there
  /// were two.
  @Test func aLoopThatHasReturnedRunsAgain() async throws {
    let loop = try EventLoop()
    let client = CurlClient(on: loop)
    #expect(loop.run { 1 } == 1)
    for _ in 0..<300 {
      let error = await #expect(throws: HTTPError.self) {
        try await client.perform(HTTPRequest(.get, "http://127.0.0.1:1/"))
      }
      #expect(error?.kind == .stopped)
      let status = loop.run {
        do throws(HTTPError) { _ = try await client.perform(HTTPRequest(.get, "http://127.0.0.1:1/")) } catch
        {
          return error.kind == .connection ? 2 : 0
        }
        return 0
      }
      #expect(status == 2)
    }
  }
}

private final class Flag: Sendable {
  let isUp = Atomic(false)
}
