import Glibc
import Synchronization
import FleetTesting
import Testing

@testable import HTTPClient

/// What a stranger may ask for: sent as it is, or refused.
@Suite struct RequestTests {
  /// The head of the request as the server saw it.
  private func head(of headers: HTTPHeaders) async throws -> String {
    let seen = Mutex("")
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        seen.withLock { $0 = request.head }
        connection.answer("x")
      }
    }
    defer { server.stop() }
    _ = try await withClient { try await $0.perform(HTTPRequest(.get, server.url, headers: headers)) }
    return seen.withLock { $0 }
  }

  @Test(arguments: ["", " ", "\t "]) func anEmptyValueIsSent(value: String) async throws {
    let head = try await head(of: ["X-Before": "1", "X-Empty": value, "X-After": "2"])
    let names = head.split(separator: "\r\n").map { $0.prefix { $0 != ":" } }
    #expect(names.contains("X-Empty") && names.contains("X-Before") && names.contains("X-After"))
  }

  @Test func allThatAValueMayHoldIsSent() async throws {
    let head = try await head(of: ["X-Some": "tab\there; \"quoted\", Grüße"])
    #expect(head.contains("X-Some: tab\there; \"quoted\", Grüße"))
  }

  @Test(
    arguments: [
      ["X-A": "1\r\nX-Injected: 1"], ["X-A": "1\nX-Injected: 1"], ["X-A": "cut\u{0}here"], ["X-A": "\u{7F}"],
      ["X-A\r\nX-Injected": "1"], ["X A": "1"], ["X-A:": "1"], ["": "1"], ["Ä": "1"], ["X\u{0}": "1"],
      ["Content-Length": "5"], ["transfer-encoding": "chunked"],
    ] as [HTTPHeaders])
  func headersThatWouldBeSomethingElse(headers: HTTPHeaders) async throws {
    let error = try await failure(of: HTTPRequest(.get, "http://127.0.0.1:1/", headers: headers))
    #expect(error?.kind == .invalidRequest && error?.code == 0)
    #expect(error?.message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } == true)
  }

  @Test(arguments: [
    "http://127.0.0.1:1/\r\nX-Injected: 1", "http://127.0.0.1:1/a b", "http://127.0.0.1:1/\u{0}",
    "http://127.0.0.1:1/ü",
    "http://127.0.0.1\t:1/",
  ])
  func urlsThatWouldBeSomethingElse(url: String) async throws {
    let error = try await failure(of: HTTPRequest(.get, url))
    #expect(error?.kind == .invalidRequest && error?.code == 0)
  }

  @Test func aBodyThatWouldNotBeSentIsRefused() async throws {
    for method in [HTTPRequest.Method.get, .head] {
      let error = try await failure(of: HTTPRequest(method, "http://127.0.0.1:1/", body: [1]))
      #expect(error?.kind == .invalidRequest)
    }
    let bundle = try await failure(of: HTTPRequest(.get, "https://127.0.0.1:1/", caBundle: "/etc\u{0}/x"))
    #expect(bundle?.kind == .invalidRequest)
  }

  @Test(arguments: [1e15, 1e10]) func timesWithoutEnd(seconds: Double) async throws {
    let server = LoopbackServer { connection, _ in
      while connection.request() != nil { connection.answer("x") }
    }
    defer { server.stop() }
    let request = HTTPRequest(
      .get, server.url, timeout: .seconds(seconds), exchangeTimeout: .seconds(seconds),
      connectTimeout: .seconds(seconds))
    #expect(try await withClient { try await $0.perform(request).status } == 200)
  }

  @Test(arguments: [0, -0.001, -1e15]) func aTimeInThePast(seconds: Double) async throws {
    let server = LoopbackServer { connection, _ in
      while connection.request() != nil { connection.answer("x") }
    }
    defer { server.stop() }
    let error = try await failure(of: HTTPRequest(.get, server.url, timeout: .seconds(seconds)))
    #expect(error?.kind == .timeout && error?.mayHaveArrived == false)
    #expect(error?.message.contains("before it was sent") == true)
    #expect(server.connections == 0)
  }

  @Test(arguments: [
    "http://user:hidden@127.0.0.1:1/x?hidden=1", "http://user:hid/hidden@127.0.0.1:1/",
    "user:hidden@127.0.0.1:1",
    "http://user:hidden@127.0.0.1:port/", "nonsense://user:hidden@127.0.0.1/", "http://127.0.0.1:1/#hidden",
    "http://user:hid?hidden@127.0.0.1:1/", "http://user:hidden @127.0.0.1:1/",
  ])
  func aPasswordInAURLIsNotShown(url: String) async throws {
    let error = try #require(try await failure(of: HTTPRequest(.get, url, timeout: .seconds(5))))
    #expect(!error.description.contains("hidden") && error.description.contains("127.0.0.1"))
    #expect(!error.url.contains("hidden"))
  }

  @Test func aLongURLIsShownInPart() async throws {
    let url = "ftp://127.0.0.1/" + String(repeating: "x", count: 100_000)
    let error = try #require(try await failure(of: HTTPRequest(.get, url)))
    #expect(error.description.utf8.count < 1000)
  }
}
