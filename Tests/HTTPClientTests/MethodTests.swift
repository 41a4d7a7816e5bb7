import FleetTesting
import Testing

@testable import HTTPClient

/// Each method goes out by its own name, whatever the handle did before.
@Suite struct MethodTests {
  private static let all = [HTTPRequest.Method.get, .head, .post, .put, .delete]

  /// Every one behind every one, itself among them, on one handle and one connection; the server says what it was asked, in a
  /// header, because a HEAD has no body. A body stays with those that have one.
  @Test(arguments: all, all)
  func pairs(_ first: HTTPRequest.Method, _ second: HTTPRequest.Method) async throws {
    let server = LoopbackServer { connection, _ in
      while let request = connection.request() {
        let method = request.head.split(separator: " ").first.map(String.init) ?? ""
        let saw = "\(method) \(request.body.count)"
        connection.send(
          "HTTP/1.1 200 OK\r\nSaw: \(saw)\r\nContent-Length: 2\r\n\r\n" + (method == "HEAD" ? "" : "ok"))
      }
    }
    defer { server.stop() }
    try await withClient { client in
      for method in [first, second, first] {
        let body: [UInt8] = [.post, .put].contains(method) ? [1, 2, 3] : []
        let answer = try await client.perform(HTTPRequest(method, server.url, body: body))
        #expect(answer.headers["Saw"] == "\(method.rawValue) \(body.count)")
        #expect(answer.body == (method == .head ? [] : Array("ok".utf8)))
      }
    }
    #expect(server.connections == 1)
  }
}
