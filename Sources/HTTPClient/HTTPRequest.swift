import Glibc

/// One HTTP/1.1 request.
public struct HTTPRequest: Sendable {
  /// The methods that AWS and the Runtime API use.
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
  }

  /// What is asked for.
  public var method: Method
  /// Absolute, already percent-encoded.
  public var url: String
  /// Sent as they are; `Host` and `Content-Length` are added where they are missing.
  public var headers: HTTPHeaders
  /// Empty for none.
  public var body: [UInt8]
  /// Seconds for the whole exchange; nil waits for ever (the Runtime API's `next`).
  public var timeout: Double?
  /// Seconds until the connection must stand.
  public var connectTimeout: Double
  /// Whether `http_proxy`, `https_proxy` and `no_proxy` of the environment apply.
  public var usesProxy: Bool
  /// PEM file with the certificate authorities to trust; nil leaves libcurl's own default.
  public var caBundle: String?
  /// Whether the request may be sent again over a fresh connection when a kept-alive one turns out dead.
  /// False means: once a byte of the body is out, a dead connection is an error (``HTTPError/mayHaveArrived``).
  public var isRepeatable: Bool
  /// Whether cancelling the task ends the transfer.
  public var isCancellable: Bool

  /// A request; by default without a time limit, through the environment's proxy, repeatable and cancellable.
  public init(
    _ method: Method, _ url: String, headers: HTTPHeaders = [], body: [UInt8] = [],
    timeout: Double? = nil, connectTimeout: Double = 5, usesProxy: Bool = true, caBundle: String? = nil,
    isRepeatable: Bool = true, isCancellable: Bool = true
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.usesProxy = usesProxy
    self.caBundle = caBundle
    self.isRepeatable = isRepeatable
    self.isCancellable = isCancellable
  }
}

/// What a server answered.
public struct HTTPResponse: Sendable {
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

/// Header fields in their order; names compare without regard to case (RFC 9110, 5.1).
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  /// A name and its value.
  public struct Field: Sendable, Equatable {
    /// As it was written.
    public var name: String
    /// Without the space around it.
    public var value: String

    /// A field.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// In the order in which they are sent or came.
  public private(set) var fields: [Field]

  /// Fields in this order.
  public init(_ fields: [Field]) { self.fields = fields }

  /// Fields in this order.
  public init(arrayLiteral elements: Field...) { fields = elements }

  /// Names and values in this order.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }

  /// The first value of a name.
  public subscript(name: String) -> String? {
    fields.first { $0.name.equalsIgnoringCase(name) }?.value
  }

  /// Adds a field behind the others, also where the name is there already.
  public mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }
}

extension String {
  /// Compares ASCII letters without regard to case.
  fileprivate func equalsIgnoringCase(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    var (mine, theirs) = (self, other)
    return mine.withUTF8 { mine in
      theirs.withUTF8 { theirs in
        guard let first = mine.baseAddress, let second = theirs.baseAddress else { return true }
        return strncasecmp(first, second, mine.count) == 0
      }
    }
  }
}
