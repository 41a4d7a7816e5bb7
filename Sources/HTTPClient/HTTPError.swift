import CLibcurl
import Groundwork

/// Why an exchange gave no answer.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What a caller can act on.
  public enum Kind: String, Sendable {
    case invalidRequest = "invalid request"
    case nameResolution = "name resolution failed"
    case connection = "connection failed"
    case tls = "TLS failed"
    case timeout = "timed out"
    case interrupted = "connection broke"
    case tooLarge = "answer too large"
    case cancelled = "cancelled"
    /// Nobody runs the client's event loop any more.
    case stopped = "client stopped"
    case outOfMemory = "out of memory"
  }

  /// What went wrong.
  public var kind: Kind
  /// libcurl's CURLcode; 0 when libcurl was not asked.
  public var code: Int
  /// libcurl's own words, without what may be a password.
  public var message: String
  /// The URL without user, password and query.
  public var url: String
  /// Whether the server may have read the request: then doing it again may do it twice.
  public var mayHaveArrived: Bool
  /// Whether a part of the answer was there already.
  public var answerHasBegun: Bool
  /// What of a successful answer (2xx) had come, its head whole; nil where there was none.
  public var beginning: HTTPResponse?

  /// An error; `code` is 0 where libcurl had no part in it.
  public init(
    _ kind: Kind, code: Int = 0, message: String, url: String = "", mayHaveArrived: Bool = false,
    answerHasBegun: Bool = false, beginning: HTTPResponse? = nil
  ) {
    self.kind = kind
    self.code = code
    self.message = message
    self.url = url
    self.mayHaveArrived = mayHaveArrived
    self.answerHasBegun = answerHasBegun
    self.beginning = beginning
  }

  /// For a log or an error message.
  public var description: String {
    let origin = url.isEmpty ? "" : "\(url): "
    return "\(origin)\(kind.rawValue): \(message)" + (code == 0 ? "" : " (curl \(code))")
  }
}

extension HTTPError.Kind {
  /// Sorts a CURLcode into what a caller can act on.
  init(_ code: CURLcode) {
    switch code {
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: self = .invalidRequest
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .nameResolution
    case CURLE_COULDNT_CONNECT, CURLE_PROXY: self = .connection
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
      self = .tls
    case CURLE_OPERATION_TIMEDOUT: self = .timeout
    case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: self = .outOfMemory
    default: self = .interrupted
    }
  }
}
