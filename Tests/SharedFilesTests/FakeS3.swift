import AWSClient
import Groundwork
import HTTPClient
import FleetTesting
import Synchronization

/// A bucket with one object, as S3 answers for it: HEAD tells size and tag, GET gives a range if the tag still fits.
final class FakeS3: Sendable {
  struct State: Sendable {
    var content: [UInt8]
    /// With quotes.
    var tag: String
    /// Bytes of the first of the object's parts.
    var part: Int?
    var gets = 0
    var heads = 0
    /// Bytes that were handed out.
    var given = 0
  }

  /// Changes the answer to the how manieth GET.
  typealias Trouble =
    @Sendable (HTTPRequest, HTTPResponse, _ number: Int, inout State) throws(HTTPError) -> HTTPResponse

  let state: Mutex<State>
  private let trouble: Trouble

  init(
    _ content: [UInt8], tag: String = "\"0123-9\"", part: Int? = nil,
    _ trouble: @escaping Trouble = { _, answer, _, _ throws(HTTPError) in answer }
  ) {
    state = Mutex(State(content: content, tag: tag, part: part))
    self.trouble = trouble
  }

  var gets: Int { state.withLock { $0.gets } }
  var given: Int { state.withLock { $0.given } }

  func dependencies(_ clock: VirtualClock, _ environment: [String: String]) -> ServiceClient.Dependencies {
    let service = FakeService { call, _ throws(HTTPError) in try self.answer(call.request) }
    return service.dependencies(clock.clock(), environment: environment)
  }

  private func answer(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let outcome: Result<HTTPResponse, HTTPError> = state.withLock { state in
      if request.method == .head { return .success(Self.head(request, &state)) }
      state.gets += 1
      let number = state.gets
      let answer = Self.get(request, &state)
      do throws(HTTPError) { return .success(try trouble(request, answer, number, &state)) } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private static func head(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
    state.heads += 1
    let isPart = request.url.hasSuffix("partNumber=1")
    let size = isPart ? state.part ?? state.content.count : state.content.count
    return HTTPResponse(
      status: isPart ? 206 : 200, headers: ["ETag": state.tag, "Content-Length": "\(size)"])
  }

  private static func get(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
    guard request.headers["If-Match"] == state.tag else {
      return HTTPResponse(
        status: 412,
        body: Array("<Error><Code>PreconditionFailed</Code><Message>changed</Message></Error>".utf8))
    }
    let bounds = (request.headers["Range"] ?? "").dropFirst("bytes=".count).split(separator: "-").compactMap {
      Int($0)
    }
    let (first, last) = (bounds[0], bounds[1])
    let body = Array(state.content[first...last])
    state.given += body.count
    return HTTPResponse(
      status: 206,
      headers: [
        "ETag": state.tag, "Content-Range": "bytes \(first)-\(last)/\(state.content.count)",
        "Content-Length": "\(body.count)",
      ], body: body)
  }
}

extension HTTPError {
  /// A connection that broke when so much of an answer had come.
  static func broken(_ answer: HTTPResponse, after count: Int) -> HTTPError {
    var beginning = answer
    beginning.body = Array(answer.body.prefix(count))
    return HTTPError(
      .interrupted, message: "reset by peer", mayHaveArrived: true, answerHasBegun: count > 0,
      beginning: count > 0 && (200..<300).contains(answer.status) ? beginning : nil)
  }
}
