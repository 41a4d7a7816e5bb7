import Glibc
import FleetTesting
import Testing

@testable import HTTPClient

/// Answers that are larger, or other, than was asked for.
@Suite struct AnswerLimitTests {
  private func outcome(
    limit: Int, _ answer: @escaping @Sendable (Connection) -> Void
  ) async throws -> Result<HTTPResponse, HTTPError> {
    let server = LoopbackServer { connection, _ in while connection.request() != nil { answer(connection) } }
    defer { server.stop() }
    return try await withClient { client in
      do throws(HTTPError) {
        return .success(try await client.perform(HTTPRequest(.get, server.url, maximumBodySize: limit)))
      } catch {
        return .failure(error)
      }
    }
  }

  private func kind(_ outcome: Result<HTTPResponse, HTTPError>) -> HTTPError.Kind? {
    if case .failure(let error) = outcome { error.kind } else { nil }
  }

  @Test(arguments: [0, 1, 999, 1000]) func whatFitsIsTaken(size: Int) async throws {
    let outcome = try await outcome(limit: 1000) { $0.answer(String(repeating: "x", count: size)) }
    #expect(try outcome.get().body.count == size)
  }

  @Test func whatIsAnnouncedAsLargerIsRefused() async throws {
    let outcome = try await outcome(limit: 1000) { $0.answer(String(repeating: "x", count: 1001)) }
    #expect(kind(outcome) == .tooLarge)
  }

  /// Without end, so only a limit while receiving ends it.
  @Test func whatComesWithoutEndIsRefusedWhileItComes() async throws {
    let chunk = "1000\r\n" + String(repeating: "x", count: 0x1000) + "\r\n"
    let outcome = try await outcome(limit: 100_000) { connection in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      while connection.canSend(chunk) {}
    }
    #expect(kind(outcome) == .tooLarge)
  }

  @Test(arguments: ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n"])
  func headersWithoutEndAreRefused(beginning: String) async throws {
    let isInterim = beginning.contains("103")
    let outcome = try await outcome(limit: 1000) { connection in
      connection.send(beginning)
      while connection.canSend(isInterim ? beginning : "X-A: \(String(repeating: "x", count: 1000))\r\n") {}
    }
    #expect(kind(outcome) == .tooLarge)
  }

  @Test func aRedirectIsAnAnswer() async throws {
    let outcome = try await outcome(limit: 1000) {
      $0.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    }
    #expect(try outcome.get().status == 302)
  }

  @Test func nothingIsDecompressed() async throws {
    let outcome = try await outcome(limit: 1000) {
      $0.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    }
    #expect(try outcome.get().body == Array("abc".utf8))
  }
}
