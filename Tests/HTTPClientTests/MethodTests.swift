import FleetTesting
import Testing

@testable import HTTPClient

/// Each method goes out by its own name, whatever the handle did before.
@Suite struct MethodTests {
  @Test(arguments: [HTTPRequest.Method.get, .post, .put, .delete])
  func name(_ method: HTTPRequest.Method) async throws {
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        connection.answer(request.head.split(separator: " ").first.map(String.init) ?? "")
      }
    }
    defer { server.stop() }
    try await withClient { client in
      for method in [method, .post, method] {
        let answer = try await client.perform(HTTPRequest(method, server.url))
        #expect(String(decoding: answer.body, as: UTF8.self) == method.rawValue)
      }
    }
  }
}
