import CLibcurl
import Groundwork

/// One request on its way: its body where libcurl reads it, what of the answer has come, and who waits.
///
/// `@unchecked Sendable`: it is created, driven and finished in the isolation of ``CurlClient``, the event
/// loop's thread; the libcurl callbacks run inside `curl_multi_perform` on that same thread.
final class Transfer: @unchecked Sendable {
  /// Bytes of all header lines of an answer, interim answers' and trailers included.
  static let maximumHeaderSize = 256 << 10

  /// Who waits; resumed by ``finish(_:)`` once. The unchecked kind, because a checked one costs an allocation
  /// for each request and ``finish(_:)`` is the only place.
  typealias Continuation = UnsafeContinuation<Result<HTTPResponse, HTTPError>, Never>

  let request: HTTPRequest
  /// When it ends, wherever it is.
  let deadline: Deadline
  var continuation: Continuation?
  private(set) var handle: EasyHandle?
  private var headers = ReceivedLines()
  private var body: [UInt8] = []
  private var sentOfBody = 0
  private var sizeOfHeaders = 0
  /// Why the rest of the answer was refused.
  private var excess: String?
  private var hasBegun = false

  init(_ request: HTTPRequest) {
    self.request = request
    deadline = request.timeout.map { Deadline(.now + $0) } ?? .never
  }

  /// What it may still take, once it has a place; nil for as long as it likes.
  var timeLeft: Duration? {
    guard request.timeout != nil, let left = deadline.left(at: .now) else { return request.exchangeTimeout }
    return request.exchangeTimeout.map { min($0, left) } ?? left
  }

  /// Takes a handle and makes it ready; libcurl's refusal where the request can't be sent.
  func begin(with handle: EasyHandle) -> CURLcode {
    self.handle = handle
    return handle.prepare(for: self)
  }

  // MARK: Callbacks

  func received(header line: UnsafeRawBufferPointer) -> Bool {
    hasBegun = true
    sizeOfHeaders += line.count
    if sizeOfHeaders > Self.maximumHeaderSize {
      excess = "more than \(Self.maximumHeaderSize) bytes of header fields"
      return false
    }
    // A status line begins a new answer: an interim 1xx before the real one is forgotten.
    if line.first == UInt8(ascii: "H"), line.starts(with: "HTTP/".utf8) {
      headers = ReceivedLines()
    } else {
      headers.append(line)
    }
    return true
  }

  func received(body bytes: UnsafeRawBufferPointer) -> Bool {
    let announced = body.isEmpty ? handle?.announcedBodySize ?? 0 : 0
    if max(body.count + bytes.count, announced) > request.maximumBodySize {
      excess = "more than \(request.maximumBodySize) bytes"
      return false
    }
    if announced > bytes.count { body.reserveCapacity(announced) }
    body.append(contentsOf: bytes)
    return true
  }

  func nextOfBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, request.body.count - sentOfBody)
    request.body.withUnsafeBytes { body in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[sentOfBody..<sentOfBody + count]))
    }
    sentOfBody += count
    return count
  }

  /// Begins the body anew where the request may be sent again.
  func rewind() -> Bool {
    guard request.isRepeatable else { return false }
    sentOfBody = 0
    return true
  }

  // MARK: End

  /// Hands the outcome to whoever waits; later calls do nothing.
  func finish(_ code: CURLcode) {
    if code == CURLE_OK {
      resume(.success(response))
    } else if let excess {
      resume(.failure(error(.tooLarge, excess, code: code)))
    } else {
      resume(.failure(error(HTTPError.Kind(code), handle?.words(for: code) ?? "", code: code)))
    }
  }

  /// Tells whoever waits that there is no answer.
  func fail(_ error: HTTPError) { resume(.failure(error)) }

  /// Tells whoever waits that the task was cancelled.
  func finishCancelled() { fail(.cancelled, "the task was cancelled") }

  /// Tells whoever waits why there is no answer, where libcurl had no part in it.
  func fail(_ kind: HTTPError.Kind, _ message: String) { resume(.failure(error(kind, message))) }

  private func resume(_ outcome: Result<HTTPResponse, HTTPError>) {
    continuation?.resume(returning: outcome)
    continuation = nil
    handle = nil
  }

  /// What has come.
  private var response: HTTPResponse {
    HTTPResponse(status: handle?.status ?? 0, headers: HTTPHeaders(headers), body: body)
  }

  /// What of a success has come: a body's first byte says that its head is whole.
  private var beginning: HTTPResponse? {
    (200..<300).contains(handle?.status ?? 0) && !body.isEmpty ? response : nil
  }

  private func error(_ kind: HTTPError.Kind, _ message: String, code: CURLcode = CURLE_OK) -> HTTPError {
    HTTPError(
      kind, code: Int(code.rawValue), message: message, url: request.url.urlWithoutSecrets.shown(bytes: 500),
      mayHaveArrived: (handle?.sent ?? 0) > 0, answerHasBegun: hasBegun, beginning: beginning)
  }
}
