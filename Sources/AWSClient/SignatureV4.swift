import Groundwork
import HTTPClient

/// AWS Signature Version 4 in the Authorization header
/// (documentation: "Create a signed AWS API request").
public struct SignatureV4: Sendable {
  /// What is signed of a request.
  public struct Request: Sendable {
    /// `GET`, `POST`, …
    public var method: String
    /// The path as in the URL, percent-encoded.
    public var path: String
    /// The query as in the URL, without `?`.
    public var query: String
    /// The headers to sign; `Host` must be among them.
    public var headers: HTTPHeaders
    /// Its hash is signed.
    public var body: [UInt8]

    /// A request to sign.
    public init(method: String, path: String, query: String = "", headers: HTTPHeaders, body: [UInt8]) {
      self.method = method
      self.path = path
      self.query = query
      self.headers = headers
      self.body = body
    }
  }

  /// E.g. `ssm`.
  public var service: String
  /// E.g. `us-east-1`.
  public var region: String
  /// Whether `.`, `..` and `//` of the path are resolved and the path is encoded once more; every service but
  /// S3 wants it.
  public var normalizesPath: Bool

  private let keys: SigningKeys

  /// A signer for one service in one region.
  public init(service: String, region: String, normalizesPath: Bool = true) {
    self.init(service: service, region: region, normalizesPath: normalizesPath, SigningKeys())
  }

  /// - Parameter keys: those that were made before.
  init(service: String, region: String, normalizesPath: Bool, _ keys: SigningKeys) {
    self.service = service
    self.region = region
    self.normalizesPath = normalizesPath
    self.keys = keys
  }

  /// What a signature is made of, each text as the documentation names it.
  package struct Steps: Sendable, Equatable {
    package var canonicalRequest: String
    package var signedHeaders: String
    package var stringToSign: String
    package var signature: String
  }

  /// The request's headers with `X-Amz-Date`, `X-Amz-Security-Token` (where there is a token, signed) and
  /// `Authorization`.
  /// - Parameter time: when it is signed.
  public func sign(_ request: Request, with credentials: Credentials, at time: UnixTime) -> HTTPHeaders {
    let time = time.utc
    let stamped = stamped(request, credentials, time)
    let steps = steps(ofStamped: stamped, credentials, time)
    var headers = stamped.headers
    headers.append(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(time)), "
        + "SignedHeaders=\(steps.signedHeaders), Signature=\(steps.signature)")
    return headers
  }

  /// How ``sign(_:with:at:)`` comes to its signature.
  package func steps(_ request: Request, with credentials: Credentials, at time: UnixTime) -> Steps {
    let time = time.utc
    return steps(ofStamped: stamped(request, credentials, time), credentials, time)
  }

  private func stamped(_ request: Request, _ credentials: Credentials, _ time: UTCDateTime) -> Request {
    var stamped = request
    stamped.headers.append("X-Amz-Date", time.basic)
    if let token = credentials.sessionToken { stamped.headers.append("X-Amz-Security-Token", token) }
    return stamped
  }

  private func steps(ofStamped request: Request, _ credentials: Credentials, _ time: UTCDateTime) -> Steps {
    let headers = canonicalHeaders(request)
    let signed = headers.map(\.name).joined(separator: ";")
    let canonical = canonicalRequest(request, headers, signed)
    let text = stringToSign(canonical, at: time)
    let signature = Digest.hex(Digest.hmac(key: signingKey(credentials, time), text))
    return Steps(
      canonicalRequest: canonical, signedHeaders: signed, stringToSign: text, signature: signature)
  }

  // MARK: The steps

  func canonicalRequest(_ request: Request) -> String {
    let headers = canonicalHeaders(request)
    return canonicalRequest(request, headers, headers.map(\.name).joined(separator: ";"))
  }

  private func canonicalRequest(
    _ request: Request, _ headers: [HTTPHeaders.Field], _ signed: String
  ) -> String {
    """
    \(request.method)
    \(canonicalPath(request.path))
    \(canonicalQuery(request.query))
    \(headers.map { "\($0.name):\($0.value)\n" }.joined())
    \(signed)
    \(Digest.hex(Digest.sha256(request.body)))
    """
  }

  func stringToSign(_ canonicalRequest: String, at time: UTCDateTime) -> String {
    """
    AWS4-HMAC-SHA256
    \(time.basic)
    \(scope(time))
    \(Digest.hex(Digest.sha256(Array(canonicalRequest.utf8))))
    """
  }

  private func signingKey(_ credentials: Credentials, _ time: UTCDateTime) -> [UInt8] {
    keys.key(of: credentials.secretAccessKey, for: [time.date, region, service, "aws4_request"])
  }

  private func scope(_ time: UTCDateTime) -> String { "\(time.date)/\(region)/\(service)/aws4_request" }

  // MARK: Canonical parts

  /// Lower-case names in order; the values of one name joined by commas in their order, outer space taken
  /// off and inner space folded.
  private func canonicalHeaders(_ request: Request) -> [HTTPHeaders.Field] {
    var values: [String: [String]] = [:]
    for field in request.headers.fields {
      values[field.name.lowercased(), default: []].append(field.value.foldingSpace)
    }
    return values.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.joined(separator: ",")) }
  }

  private func canonicalPath(_ path: String) -> String {
    guard normalizesPath else { return path.isEmpty ? "/" : path }
    return PercentEncoding.encode(Self.removingDotSegments(path), leaving: "/")
  }

  // Separators are looked for among scalars: a combining mark behind one would hide it in a `Character`.

  static func removingDotSegments(_ path: String) -> String {
    var segments: [String] = []
    for segment in path.unicodeScalars.split(separator: "/").map(String.init) {
      switch segment {
      case ".": continue
      case "..": _ = segments.popLast()
      default: segments.append(segment)
      }
    }
    let isFolder = path.unicodeScalars.last == "/" && !segments.isEmpty
    return "/" + segments.joined(separator: "/") + (isFolder ? "/" : "")
  }

  private func canonicalQuery(_ query: String) -> String {
    query.unicodeScalars.split(separator: "&")
      .map { part -> (String, String) in
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
      }
      .sorted { $0 < $1 }
      .map { "\($0.0)=\($0.1)" }
      .joined(separator: "&")
  }
}

/// Percent-encoding as SigV4 wants it: all but the unreserved characters of RFC 3986, 2.3.
enum PercentEncoding {
  static func encode(_ text: String, leaving kept: Unicode.Scalar) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) || UInt32(byte) == kept.value {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Names and their values, as a query or a form has them.
  static func pairs(_ pairs: [(String, String)]) -> String {
    pairs.map { "\(encode($0, leaving: "~"))=\(encode($1, leaving: "~"))" }.joined(separator: "&")
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension String {
  /// Without leading and trailing space, and with single spaces inside.
  fileprivate var foldingSpace: String {
    guard hasSpaceToFold else { return self }
    return unicodeScalars.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
      .map(String.init).joined(separator: " ")
  }

  /// Few values have.
  private var hasSpaceToFold: Bool {
    var before = UInt8(ascii: " ")
    for byte in utf8 {
      if byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0x20 && before == 0x20 { return true }
      before = byte
    }
    return before == 0x20 && !isEmpty
  }
}
