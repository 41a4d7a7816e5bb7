import CLibcurl

/// One request on its way: its body where libcurl reads it, what of the answer has come, and who waits.
///
/// `@unchecked Sendable`: it is created, driven and finished in the isolation of ``HTTPClient``, the event
/// loop's thread; the libcurl callbacks run inside `curl_multi_perform` on that same thread.
final class Transfer: @unchecked Sendable {
  /// Larger answers are refused: nothing that the functions ask for comes near it.
  static let maximumBodySize = 64 << 20

  /// Who waits; resumed by ``finish(_:)`` once. The unchecked kind, because a checked one costs an allocation
  /// for each request and ``finish(_:)`` is the only place.
  typealias Continuation = UnsafeContinuation<Result<HTTPResponse, HTTPError>, Never>

  let request: HTTPRequest
  var continuation: Continuation?
  private(set) var handle: EasyHandle?
  private var response = HTTPResponse(status: 0)
  private var sentOfBody = 0
  private var isTooLarge = false
  private var hasBegun = false

  init(_ request: HTTPRequest) {
    self.request = request
  }

  /// Takes a handle and makes it ready; libcurl's refusal where the request can't be sent.
  func begin(with handle: EasyHandle) -> CURLcode {
    self.handle = handle
    return handle.prepare(for: self)
  }

  // MARK: Callbacks

  func received(header line: UnsafeRawBufferPointer) {
    hasBegun = true
    // A status line begins a new answer: an interim 1xx before the real one is forgotten.
    if line.starts(with: "HTTP/".utf8) { return response.headers = [] }
    if let field = HTTPHeaders.Field(line: line) { response.headers.append(field.name, field.value) }
  }

  func received(body bytes: UnsafeRawBufferPointer) -> Bool {
    isTooLarge = response.body.count + bytes.count > Self.maximumBodySize
    if isTooLarge { return false }
    if response.body.isEmpty, let announced = handle?.announcedBodySize, announced > bytes.count {
      response.body.reserveCapacity(min(announced, Self.maximumBodySize))
    }
    response.body.append(contentsOf: bytes)
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
      response.status = handle?.status ?? 0
      resume(.success(response))
    } else if isTooLarge {
      resume(.failure(error(.tooLarge, "more than \(Self.maximumBodySize) bytes", code: code)))
    } else {
      resume(.failure(error(HTTPError.Kind(code), handle?.words(for: code) ?? "", code: code)))
    }
  }

  /// Tells whoever waits that there is no answer.
  func fail(_ error: HTTPError) { resume(.failure(error)) }

  /// Tells whoever waits that the task was cancelled.
  func finishCancelled() { resume(.failure(error(.cancelled, "the task was cancelled"))) }

  private func resume(_ outcome: Result<HTTPResponse, HTTPError>) {
    continuation?.resume(returning: outcome)
    continuation = nil
    handle = nil
  }

  private func error(_ kind: HTTPError.Kind, _ message: String, code: CURLcode = CURLE_OK) -> HTTPError {
    HTTPError(
      kind, code: Int(code.rawValue), message: message, url: request.url.withoutQuery,
      mayHaveArrived: (handle?.sent ?? 0) > 0, answerHasBegun: hasBegun)
  }
}

extension String {
  /// A URL without its query, which may carry what a log must not show.
  fileprivate var withoutQuery: String { String(prefix { $0 != "?" }) }
}
