import AWSClient
import FleetTesting
import Groundwork
import HTTPClient
import Testing

@testable import SharedFiles

/// What S3 may do while an object is read: the file is the object in the end, or there is none and a reason.
@Suite struct DownloadTests {
  private let place: Place
  private let content = pattern((9 << 20) + 77)

  init() throws { place = try Place() }

  private func ingest(_ s3: FakeS3) async throws -> (status: Int, body: [String: Any]) {
    try await place.ask(place.function("producer", s3), ["key": "models/m.bin"])
  }

  private func expectWhole(_ s3: FakeS3) async throws {
    let answer = try await ingest(s3)
    #expect(answer.status == 200, "\(answer.body)")
    #expect(place.read("models/m.bin") == s3.state.withLock { $0.content })
    #expect(place.files == ["models/m.bin"])
  }

  private func expectNothing(_ s3: FakeS3, _ status: Int, _ code: String) async throws {
    let answer = try await ingest(s3)
    #expect(answer.status == status && answer.body["error"] as? String == code, "\(answer)")
    #expect(place.files == [])
  }

  @Test func nothingHappens() async throws { try await expectWhole(FakeS3(content)) }

  @Test func anEmptyObject() async throws { try await expectWhole(FakeS3([])) }

  /// It goes on with a Range from where it broke, and nothing is fetched twice.
  @Test(arguments: [1, 2, 4095, 4096, 1 << 20, (4 << 20) - 1])
  func aBrokenConnection(count: Int) async throws {
    let s3 = FakeS3(content) { _, answer, number, _ throws(HTTPError) in
      if number == 2 { throw .broken(answer, after: count) }
      return answer
    }
    try await expectWhole(s3)
    #expect(s3.gets == 4)
  }

  @Test func brokenBeforeTheFirstByte() async throws {
    try await expectWhole(
      FakeS3(content) { _, answer, number, _ throws(HTTPError) in
        if number <= 2 { throw .broken(answer, after: 0) }
        return answer
      })
  }

  /// Every answer brings a little and breaks off.
  @Test func alwaysBroken() async throws {
    try await expectWhole(
      FakeS3(content) { _, answer, _, _ throws(HTTPError) in
        if answer.body.count > 100_000 { throw .broken(answer, after: 100_000) }
        return answer
      })
  }

  /// All of the object where a part was asked for, broken off: its beginning is another part's. Until an answer's head was
  /// kept with its beginning, the object's first bytes stood in the second part.
  @Test func theWholeObjectInsteadOfAPartBroken() async throws {
    try await expectWhole(
      FakeS3(content) { _, answer, number, state throws(HTTPError) in
        guard number == 2 else { return answer }
        throw .broken(
          HTTPResponse(status: 200, headers: ["ETag": state.tag], body: state.content), after: 1000)
      })
  }

  @Test func anotherPlaceThanWasAskedFor() async throws {
    try await expectWhole(
      FakeS3(content) { _, answer, number, state throws(HTTPError) in
        guard number == 3 else { return answer }
        return HTTPResponse(
          status: 206,
          headers: ["ETag": state.tag, "Content-Range": "bytes 0-4194303/\(state.content.count)"],
          body: Array(state.content.prefix(answer.body.count)))
      })
  }

  @Test func alwaysTheWholeObject() async throws {
    try await expectNothing(
      FakeS3(content) { _, _, _, state throws(HTTPError) in
        HTTPResponse(status: 200, headers: ["ETag": state.tag], body: state.content)
      }, 500, "S3_FAILED")
  }

  /// A part that ends early, without a word, is no part that is whole.
  @Test func aShortAnswer() async throws {
    try await expectWhole(
      FakeS3(content) { _, answer, number, _ throws(HTTPError) in
        guard number == 1 else { return answer }
        return HTTPResponse(status: 206, headers: answer.headers, body: Array(answer.body.dropLast(3)))
      })
  }

  @Test func aTagThatIsNotTheObjects() async throws {
    try await expectNothing(
      FakeS3(content) { _, answer, _, _ throws(HTTPError) in
        HTTPResponse(
          status: 206,
          headers: ["ETag": "\"other\"", "Content-Range": answer.headers["Content-Range"] ?? ""],
          body: answer.body)
      }, 500, "S3_FAILED")
  }

  /// It begins anew with what the object is now.
  @Test func anotherObjectInTheMiddle() async throws {
    let other = pattern(5 << 20, seed: 99)
    try await expectWhole(
      FakeS3(content) { _, answer, number, state throws(HTTPError) in
        if number == 2 { (state.content, state.tag) = (other, "\"new\"") }
        return answer
      })
    #expect(place.read("models/m.bin") == other)
  }

  @Test func anotherObjectEachTime() async throws {
    try await expectNothing(
      FakeS3(content) { _, answer, number, state throws(HTTPError) in
        state.tag = "\"\(number)\""
        return answer
      }, 500, "S3_CHANGED")
  }

  @Test(arguments: [500, 503])
  func onceAnError(status: Int) async throws {
    try await expectWhole(
      FakeS3(content) { _, answer, number, _ throws(HTTPError) in
        number == 2
          ? HTTPResponse(status: status, body: Array("<Error><Code>SlowDown</Code></Error>".utf8)) : answer
      })
  }

  @Test(arguments: [
    (403, "AccessDenied", 403, "S3_ACCESS_DENIED"), (404, "NoSuchKey", 404, "S3_NOT_FOUND"),
    (500, "InternalError", 500, "S3_FAILED"),
  ])
  func alwaysAnError(status: Int, code: String, answered: Int, error: String) async throws {
    try await expectNothing(
      FakeS3(content) { _, answer, number, _ throws(HTTPError) in
        number == 1
          ? answer : HTTPResponse(status: status, body: Array("<Error><Code>\(code)</Code></Error>".utf8))
      }, answered, error)
  }

  /// An object that is larger when it is read than it was said to be, is no larger file than is allowed.
  @Test func tooLarge() async throws {
    let function = try place.function("producer", FakeS3(content), ["MAX_FILE_BYTES": "1000"])
    let answer = try await place.ask(function, ["key": "m.bin"])
    #expect(answer.status == 413 && answer.body["error"] as? String == "FILE_TOO_LARGE")
    #expect(answer.body["maxSize"] as? Int == 1000 && answer.body["actualSize"] as? Int == content.count)
  }
}
