/// One HTTP/1.1 request.
public struct HTTPRequest: Sendable {
  /// The methods that AWS and the Runtime API use.
  public enum Method: String, Sendable {
    case get = "GET"
    /// As GET; the answer has no body.
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"

    /// Whether a request has a body, if only one of no bytes.
    var hasBody: Bool {
      switch self {
      case .get, .head: false
      case .post, .put, .delete: true
      }
    }
  }

  /// What is asked for.
  public var method: Method
  /// Absolute, `http` or `https`, already percent-encoded: printable ASCII only. A user name and a password in it
  /// are sent (Basic) and never shown in an error.
  public var url: String
  /// Sent as they are, empty values too; `Host` and `Content-Length` are added where they are missing. A name
  /// that is no token, a control character in a value, `Transfer-Encoding` and a `Content-Length` that is not the
  /// body's are refused.
  public var headers: HTTPHeaders
  /// Empty for none; a GET has none.
  public var body: [UInt8]
  /// For everything, waiting for a free place among the client's transfers included; nil waits for ever (the Runtime
  /// API's `next`), 0 or less is an error at once (``HTTPError/Kind/timeout``).
  public var timeout: Duration?
  /// For the exchange itself, from when it has a place; nil sets no limit of its own.
  public var exchangeTimeout: Duration?
  /// Until the connection must stand.
  public var connectTimeout: Duration
  /// Bytes of the answer's body at most; a longer one is an error (``HTTPError/Kind/tooLarge``) as soon as that is
  /// known. It is counted as it is sent: nothing is decompressed.
  public var maximumBodySize: Int
  /// Whether `http_proxy`, `https_proxy` and `no_proxy` of the environment apply.
  public var usesProxy: Bool
  /// PEM file with the certificate authorities to trust; nil leaves libcurl's own default.
  public var caBundle: String?
  /// Whether the request may be sent again over a fresh connection when a kept-alive one turns out dead.
  /// False means: once a byte of the body is out, a dead connection is an error (``HTTPError/mayHaveArrived``). Without a
  /// body the request goes over a connection of its own.
  public var isRepeatable: Bool
  /// Whether cancelling the task ends the transfer.
  public var isCancellable: Bool

  /// 64 MiB.
  public static let usualMaximumBodySize = 64 << 20

  /// A request; by default without a time limit, through the environment's proxy, repeatable and cancellable.
  public init(
    _ method: Method, _ url: String, headers: HTTPHeaders = [], body: [UInt8] = [],
    timeout: Duration? = nil, exchangeTimeout: Duration? = nil, connectTimeout: Duration = .seconds(5),
    maximumBodySize: Int = usualMaximumBodySize, usesProxy: Bool = true, caBundle: String? = nil,
    isRepeatable: Bool = true, isCancellable: Bool = true
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.exchangeTimeout = exchangeTimeout
    self.connectTimeout = connectTimeout
    self.maximumBodySize = maximumBodySize
    self.usesProxy = usesProxy
    self.caBundle = caBundle
    self.isRepeatable = isRepeatable
    self.isCancellable = isCancellable
  }
}

/// What a server answered.
public struct HTTPResponse: Sendable, Equatable {
  /// The status code.
  public var status: Int
  /// The header fields as they came.
  public var headers: HTTPHeaders
  /// Empty for none.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: HTTPHeaders = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
