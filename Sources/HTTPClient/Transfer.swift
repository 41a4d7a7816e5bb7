import CLibcurl

/// One request on its way: the libcurl easy handle, the memory that libcurl points into, and who waits.
///
/// `@unchecked Sendable`: it is created, driven and finished in the isolation of ``HTTPClient``, the event
/// loop's thread; the libcurl callbacks run inside `curl_multi_perform` on that same thread.
final class Transfer: @unchecked Sendable {
  /// Larger answers are refused: nothing that the functions ask for comes near it.
  static let maximumBodySize = 64 << 20

  let handle: UnsafeMutableRawPointer
  let request: HTTPRequest
  var continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>?
  private(set) var response = HTTPResponse(status: 0)
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private let bodyCopy: UnsafeMutableBufferPointer<UInt8>
  private var bodyOffset = 0
  private var isTooLarge = false

  /// - Throws: ``HTTPError`` when libcurl refuses the URL or an option.
  init(_ request: HTTPRequest) throws(HTTPError) {
    guard let handle = curl_easy_init() else {
      throw HTTPError(.outOfMemory, message: "curl_easy_init failed", url: request.url.withoutQuery)
    }
    self.handle = handle
    self.request = request
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    bodyCopy = .allocate(capacity: request.body.count)
    _ = bodyCopy.initialize(from: request.body)
    if let failure = configure() {
      throw error(HTTPError.Kind(failure), String(cString: curl_easy_strerror(failure)), code: failure)
    }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    errorBuffer.deallocate()
    bodyCopy.deallocate()
  }

  // MARK: Options

  private func configure() -> CURLcode? {
    var failure: CURLcode?
    func check(_ code: CURLcode) { if code != CURLE_OK, failure == nil { failure = code } }
    func set(_ option: CURLoption, _ value: Int) { check(sdwan_setopt_long(handle, option, value)) }
    func set(_ option: CURLoption, _ text: String) {
      check(text.withCString { sdwan_setopt_pointer(handle, option, $0) })
    }
    func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer?) {
      check(sdwan_setopt_pointer(handle, option, pointer))
    }

    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_NODELAY, 1)
    // libcurl would drop a connection after two idle minutes; an invocation may last longer.
    set(CURLOPT_MAXAGE_CONN, 24 * 3600)
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
    set(CURLOPT_TIMEOUT_MS, request.timeout.map(milliseconds) ?? 0)
    if !request.usesProxy { set(CURLOPT_PROXY, "") }
    if let caBundle = request.caBundle { set(CURLOPT_CAINFO, caBundle) }
    set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorBuffer))

    let me = Unmanaged.passUnretained(self).toOpaque()
    check(sdwan_setopt_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody))
    set(CURLOPT_WRITEDATA, me)
    check(sdwan_setopt_callback(handle, CURLOPT_HEADERFUNCTION, receiveHeader))
    set(CURLOPT_HEADERDATA, me)
    set(CURLOPT_PRIVATE, me)
    setMethod(set, set, check, me)
    setHeaders()
    set(CURLOPT_HTTPHEADER, headerList)
    return failure
  }

  private func setMethod(
    _ setNumber: (CURLoption, Int) -> Void, _ setPointer: (CURLoption, UnsafeMutableRawPointer?) -> Void,
    _ check: (CURLcode) -> Void, _ me: UnsafeMutableRawPointer
  ) {
    guard request.method == .post else { return setNumber(CURLOPT_HTTPGET, 1) }
    setNumber(CURLOPT_POST, 1)
    check(sdwan_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bodyCopy.count)))
    if request.isRepeatable {
      setPointer(CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(bodyCopy.baseAddress ?? bodyPlaceholder))
    } else {
      // A body that libcurl has to ask for and cannot rewind: once a part of it is out, libcurl reports a
      // dead connection (CURLE_SEND_FAIL_REWIND) where it would otherwise silently send it again.
      check(sdwan_setopt_callback(handle, CURLOPT_READFUNCTION, provideBody))
      setPointer(CURLOPT_READDATA, me)
    }
  }

  /// POSTFIELDS must not be NULL for an empty body, or libcurl would call the read function.
  private var bodyPlaceholder: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(errorBuffer).assumingMemoryBound(to: UInt8.self)
  }

  private func setHeaders() {
    for field in request.headers.fields {
      headerList = curl_slist_append(headerList, "\(field.name): \(field.value)")
    }
    // No `Expect: 100-continue` (a round trip), and no Content-Type that nobody asked for.
    headerList = curl_slist_append(headerList, "Expect:")
    if request.method == .post, request.headers["Content-Type"] == nil {
      headerList = curl_slist_append(headerList, "Content-Type:")
    }
  }

  private func milliseconds(_ seconds: Double) -> Int { max(Int((seconds * 1000).rounded(.up)), 1) }

  // MARK: Callbacks

  fileprivate func received(header line: UnsafeRawBufferPointer) {
    // A status line begins a new answer: an interim 1xx before the real one is forgotten.
    if line.starts(with: "HTTP/".utf8) { return response.headers = [] }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    response.headers.append(
      String(decoding: line[..<colon], as: UTF8.self),
      String(decoding: line[(colon + 1)...].trimmingSpace, as: UTF8.self))
  }

  fileprivate func received(body bytes: UnsafeRawBufferPointer) -> Bool {
    isTooLarge = response.body.count + bytes.count > Self.maximumBodySize
    if isTooLarge { return false }
    response.body.append(contentsOf: bytes)
    return true
  }

  fileprivate func nextOfBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let part = bodyCopy[bodyOffset..<min(bodyOffset + buffer.count, bodyCopy.count)]
    buffer.copyBytes(from: part)
    bodyOffset += part.count
    return part.count
  }

  // MARK: End

  /// Hands the outcome to whoever waits; later calls do nothing.
  func finish(_ code: CURLcode) {
    guard let continuation else { return }
    self.continuation = nil
    if code == CURLE_OK {
      var status = 0
      sdwan_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
      response.status = status
      continuation.resume(returning: .success(response))
    } else if isTooLarge {
      let limit = "more than \(Self.maximumBodySize) bytes"
      continuation.resume(returning: .failure(error(.tooLarge, limit, code: code)))
    } else {
      let words = errorBuffer.pointee == 0 ? curl_easy_strerror(code) : UnsafePointer(errorBuffer)
      let message = words.map { String(cString: $0) } ?? ""
      continuation.resume(returning: .failure(error(HTTPError.Kind(code), message, code: code)))
    }
  }

  func finishCancelled() {
    guard let continuation else { return }
    self.continuation = nil
    continuation.resume(returning: .failure(error(.cancelled, "the task was cancelled")))
  }

  func error(_ kind: HTTPError.Kind, _ message: String, code: CURLcode = CURLE_OK) -> HTTPError {
    var sent = 0
    sdwan_getinfo_long(handle, CURLINFO_REQUEST_SIZE, &sent)
    return HTTPError(
      kind, code: Int(code.rawValue), message: message, url: request.url.withoutQuery,
      mayHaveArrived: sent > 0)
  }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
  context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private let receiveBody: sdwan_transfer_callback = { bytes, size, count, context in
  let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return transfer(context)?.received(body: part) == true ? part.count : 0
}

private let receiveHeader: sdwan_transfer_callback = { bytes, size, count, context in
  transfer(context)?.received(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

private let provideBody: sdwan_transfer_callback = { buffer, size, count, context in
  transfer(context)?.nextOfBody(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate var trimmingSpace: Self {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
    var part = self
    while let first = part.first, isSpace(first) { part.removeFirst() }
    while let last = part.last, isSpace(last) { part.removeLast() }
    return part
  }
}

extension String {
  /// A URL without its query, which may carry what a log must not show.
  fileprivate var withoutQuery: String { String(prefix { $0 != "?" }) }
}
