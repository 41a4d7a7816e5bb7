import FleetTesting
import Foundation
import Groundwork
import HTTPClient
import Synchronization
import Testing

@testable import SharedFiles

/// S3's messages: what can't be otherwise another time is said once, everything else fails the invocation.
@Suite struct NotificationTests {
  private let place: Place

  init() throws { place = try Place() }

  private func message(_ objects: [(key: String, size: Int)]) throws -> [UInt8] {
    let records = objects.map {
      [
        "eventName": "ObjectCreated:Put",
        "s3": ["bucket": ["name": "bucket"], "object": ["key": $0.key, "size": $0.size]],
      ]
    }
    return Array(try JSONSerialization.data(withJSONObject: ["Records": records]))
  }

  /// The answer, the failure's type and the log's lines.
  private func handle(
    _ s3: FakeS3, _ objects: [(key: String, size: Int)]
  ) async throws -> (answer: String, failure: String?, log: [String]) {
    try await handle(s3, message(objects))
  }

  private func handle(
    _ s3: FakeS3, _ event: [UInt8]
  ) async throws -> (answer: String, failure: String?, log: [String]) {
    let lines = Mutex<[String]>([])
    let logger = Logger(
      environment: { $0 == "AWS_LAMBDA_LOG_FORMAT" ? "JSON" : nil }, clock: place.clock.clock().wall,
      write: { line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    let function = try place.function("producer", s3, ["MAX_FILE_BYTES": "1000"])
    do throws(Failure) {
      let answer = try await function(
        Invocation(requestID: "r-1", event: event), logger.forRequest("r-1"))
      return (String(decoding: answer, as: UTF8.self), nil, lines.withLock { $0 })
    } catch {
      return ("", error.type, lines.withLock { $0 })
    }
  }

  @Test func severalObjects() async throws {
    let said = try await handle(
      FakeS3(pattern(100)), [("models/a+b%C3%A9.pt", 100), ("models/folder/", 0), ("models/x/y/z.pt", 100)])
    #expect(said.failure == nil)
    #expect(place.files == ["models/a bé.pt", "models/x/y/z.pt"])
  }

  /// By the message's own size: nothing is asked.
  @Test func tooLarge() async throws {
    let s3 = FakeS3(pattern(2000))
    let said = try await handle(s3, [("models/large", 1001), ("models/%2e%2e/x", 10)])
    #expect(said.failure == nil && s3.state.withLock { $0.heads } == 0 && place.files == [])
    #expect(said.answer.contains("FILE_TOO_LARGE") && said.answer.contains("INVALID_REQUEST"))
  }

  @Test(arguments: [(403, "AccessDenied", true), (404, "NoSuchKey", false), (500, "InternalError", true)])
  func refused(status: Int, code: String, isRepeated: Bool) async throws {
    let s3 = FakeS3(pattern(100)) { _, _, _, _ throws(HTTPError) in
      HTTPResponse(status: status, body: Array("<Error><Code>\(code)</Code></Error>".utf8))
    }
    let said = try await handle(s3, [("models/a", 100)])
    #expect((said.failure != nil) == isRepeated, "\(said)")
    let line = try #require(said.log.first)
    let fields = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(fields["requestId"] as? String == "r-1" && fields["stage"] as? String == "notification")
    #expect(fields["fileId"] as? String == FileID.of(path: "\(place.folder)/models/a"))
    #expect((fields["error"] as? String)?.hasPrefix("S3_") == true)
  }

  /// A message that can't be read fails the invocation, so that it is kept; it was answered with 400 and forgotten.
  @Test(arguments: [
    #"{"Records": 7}"#, #"{"Records": [{}]}"#, #"{"Records": [{"s3": {"object": {}}}]}"#,
    #"{"Records": null}"#,
    #"{"Records": [{"s3": {"object": {"key": 7}}}]}"#,
    #"{"Records": [{"s3": {"object": {"key": "models/a", "size": 99999999999999999999}}}]}"#,
  ])
  func unreadable(message: String) async throws {
    let said = try await handle(FakeS3(pattern(100)), Array(message.utf8))
    #expect(said.failure == "Event.Invalid" && place.files == [], "\(said)")
  }

  /// The others are brought all the same.
  @Test func oneOfTwoFails() async throws {
    let s3 = FakeS3(pattern(100)) { request, answer, _, _ throws(HTTPError) in
      request.url.hasSuffix("/bad") ? HTTPResponse(status: 500) : answer
    }
    let said = try await handle(s3, [("models/bad", 100), ("models/good", 100)])
    #expect(said.failure != nil && place.files == ["models/good"])
  }
}
