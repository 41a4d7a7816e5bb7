import CLibcurl
import Glibc
import Groundwork

/// A libcurl easy handle with the options that all requests share. It serves one transfer after another:
/// making and freeing a handle costs more than a small request does.
///
/// Every option that a request sets is set by every request, or known to be what it is to be, so nothing of the last one is
/// left.
final class EasyHandle {
  /// Bodies up to this size are handed to libcurl as a copy.
  private static let smallBody = 16_384

  let pointer: UnsafeMutableRawPointer
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private let parsedURL: OpaquePointer
  /// What it was last made ready for.
  private(set) var url = ""
  private let headers = HeaderList()
  private var connection: Connection?
  private var failure = CURLE_OK

  /// - Throws: ``HTTPError`` when there is no memory for one or libcurl lacks an option.
  init() throws(HTTPError) {
    guard let pointer = curl_easy_init(), let parsedURL = curl_url() else {
      throw HTTPError(.outOfMemory, message: "curl_easy_init failed")
    }
    self.pointer = pointer
    self.parsedURL = parsedURL
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    setWhatAllShare()
    guard failure == CURLE_OK else { throw HTTPError(HTTPError.Kind(failure), message: words(for: failure)) }
  }

  deinit {
    curl_easy_cleanup(pointer)
    curl_url_cleanup(parsedURL)
    errorBuffer.deallocate()
  }

  private func setWhatAllShare() {
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_NODELAY, 1)
    // A peer that is gone without a word shows while nothing is sent, as in `next`, which has no time limit.
    set(CURLOPT_TCP_KEEPALIVE, 1)
    // libcurl would drop a connection after two idle minutes; an invocation may last longer.
    set(CURLOPT_MAXAGE_CONN, 24 * 3600)
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_ERRORBUFFER, errorBuffer)
    keep(sdwan_setopt_callback(pointer, CURLOPT_WRITEFUNCTION, receiveBody))
    keep(sdwan_setopt_callback(pointer, CURLOPT_HEADERFUNCTION, receiveHeader))
    keep(sdwan_setopt_callback(pointer, CURLOPT_READFUNCTION, provideBody))
    keep(sdwan_setopt_seek(pointer, rewindBody))
  }

  /// Makes the handle ready for a transfer, which must outlive its time on the handle.
  /// - Returns: what libcurl refuses about the request, or CURLE_OK.
  func prepare(for transfer: Transfer) -> CURLcode {
    let request = transfer.request
    failure = CURLE_OK
    errorBuffer.pointee = 0
    setURL(request.url)
    setConnection(Connection(request))
    set(CURLOPT_TIMEOUT_MS, transfer.timeLeft.map(milliseconds) ?? 0)
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    set(CURLOPT_WRITEDATA, context)
    set(CURLOPT_HEADERDATA, context)
    set(CURLOPT_READDATA, context)
    set(CURLOPT_SEEKDATA, context)
    setMethod(request)
    // On a kept connection that turns out dead, libcurl sends anew what has no body to refuse that by (see `setMethod`).
    set(CURLOPT_FRESH_CONNECT, request.isRepeatable || !request.body.isEmpty ? 0 : 1)
    setHeaders(request)
    return failure
  }

  /// What hardly ever differs from one request to the next.
  private struct Connection: Equatable {
    let timeout: Duration
    let usesProxy: Bool
    let caBundle: String?

    init(_ request: HTTPRequest) {
      (timeout, usesProxy, caBundle) = (request.connectTimeout, request.usesProxy, request.caBundle)
    }
  }

  private func setConnection(_ wanted: Connection) {
    guard wanted != connection else { return }
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(wanted.timeout))
    set(CURLOPT_PROXY, wanted.usesProxy ? nil : "")
    set(CURLOPT_CAINFO, wanted.caBundle)
    connection = failure == CURLE_OK ? wanted : nil
  }

  /// A parsed URL spares libcurl to write it out and parse it again for every request.
  private func setURL(_ text: String) {
    guard text != url else { return }
    url = ""
    guard curl_url_set(parsedURL, CURLUPART_URL, text, 0) == CURLUE_OK else {
      return keep(CURLE_URL_MALFORMAT)
    }
    url = text
    keep(sdwan_setopt_pointer(pointer, CURLOPT_CURLU, UnsafeRawPointer(parsedURL)))
  }

  private func setMethod(_ request: HTTPRequest) {
    // A PUT and a DELETE are POSTs by another name.
    set(
      CURLOPT_CUSTOMREQUEST, request.method.hasBody && request.method != .post ? request.method.rawValue : nil
    )
    // Each of the three takes the others back.
    if request.method == .get { return set(CURLOPT_HTTPGET, 1) }
    if request.method == .head { return set(CURLOPT_NOBODY, 1) }
    set(CURLOPT_POST, 1)
    keep(sdwan_setopt_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
    if request.isRepeatable && request.body.count <= Self.smallBody {
      // Goes out in one packet with the header fields.
      keep(
        request.body.withUnsafeBytes {
          sdwan_setopt_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? emptyBody)
        })
    } else {
      // libcurl asks for the body part by part. When the connection turns out dead after a part of it, the
      // body is rewound, or refuses that (CURLE_SEND_FAIL_REWIND) instead of silently going out twice.
      keep(sdwan_setopt_pointer(pointer, CURLOPT_POSTFIELDS, nil))
    }
  }

  /// With NULL libcurl would ask the read function for a body of no bytes.
  private var emptyBody: UnsafeRawPointer { UnsafeRawPointer(errorBuffer) }

  private func setHeaders(_ request: HTTPRequest) {
    guard headers.fill(for: request) else { return keep(CURLE_OUT_OF_MEMORY) }
    keep(sdwan_setopt_pointer(pointer, CURLOPT_HTTPHEADER, headers.list))
  }

  /// At least 1, for 0 would be libcurl's default, and no more than libcurl takes.
  private func milliseconds(_ time: Duration) -> Int {
    Int(min(max(time.inSeconds * 1000, 1), Double(Int32.max)).rounded(.up))
  }

  // MARK: Setting

  private func keep(_ code: CURLcode) { if failure == CURLE_OK { failure = code } }

  private func set(_ option: CURLoption, _ value: Int) { keep(sdwan_setopt_long(pointer, option, value)) }

  /// A text that libcurl copies; nil brings libcurl's default back.
  private func set(_ option: CURLoption, _ text: String?) {
    guard let text else { return keep(sdwan_setopt_pointer(pointer, option, nil)) }
    keep(text.withCString { sdwan_setopt_pointer(pointer, option, $0) })
  }

  private func set(_ option: CURLoption, _ address: UnsafeMutableRawPointer) {
    keep(sdwan_setopt_pointer(pointer, option, address))
  }

  // MARK: What became of it

  /// The status code of the answer; 0 when there is none.
  var status: Int { number(CURLINFO_RESPONSE_CODE) }

  /// Bytes of the request that were sent.
  var sent: Int { number(CURLINFO_REQUEST_SIZE) }

  /// `Content-Length` of the answer; nil where it says none.
  var announcedBodySize: Int? {
    var size: curl_off_t = -1
    sdwan_getinfo_offset(pointer, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size)
    return size < 0 ? nil : Int(size)
  }

  private func number(_ information: CURLINFO) -> Int {
    var value = 0
    sdwan_getinfo_long(pointer, information, &value)
    return value
  }

  /// libcurl's words for a failure, the particular ones where it has some. Those that show a URL or a proxy of the
  /// environment may hold a password: then the general ones.
  func words(for code: CURLcode) -> String {
    let general = curl_easy_strerror(code).map { String(cString: $0) } ?? ""
    let particular = String(cString: errorBuffer)
    let mayBeSecret = particular.utf8.contains(UInt8(ascii: "@")) || particular.hasPrefix("Unsupported proxy")
    return particular.isEmpty || mayBeSecret ? general : particular
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
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return transfer(context)?.received(header: line) == true ? line.count : 0
}

private let provideBody: sdwan_transfer_callback = { buffer, size, count, context in
  transfer(context)?.nextOfBody(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

private let rewindBody: sdwan_seek_callback = { context, offset, origin in
  let isStart = offset == 0 && origin == SEEK_SET
  return isStart && transfer(context)?.rewind() == true ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}
