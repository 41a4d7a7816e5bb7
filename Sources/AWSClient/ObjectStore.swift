import Groundwork
import HTTPClient

/// Where an object lies in S3: `s3://bucket/key`, with `?versionId=…` for one version of it.
public struct ObjectURI: Sendable, Equatable, CustomStringConvertible {
  /// 3 to 63 characters.
  public let bucket: String
  /// Without a leading slash.
  public let key: String
  /// nil for the newest.
  public let versionID: String?

  /// nil unless the text is such a URI.
  public init?(_ text: String) {
    guard text.hasPrefix("s3://") else { return nil }
    let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let rest = parts[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let version = rest.count == 2 ? rest[1] : nil
    let isKey = !rest[0].isEmpty && rest[0].utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    guard Self.isBucket(parts[0]), isKey, version?.hasPrefix("versionId=") ?? true else { return nil }
    bucket = String(parts[0])
    key = String(rest[0])
    versionID = version.map { String($0.dropFirst("versionId=".count)) }
  }

  /// nil unless the names can be a bucket's and a key's: a key has 1 to 1,024 bytes of any kind.
  public init?(bucket: String, key: String) {
    guard Self.isBucket(bucket), (1...1024).contains(key.utf8.count) else { return nil }
    (self.bucket, self.key, versionID) = (bucket, key, nil)
  }

  /// Whether a text may be a bucket's name: 3 to 63 of a-z, 0-9, `.` and `-`.
  public static func isBucket(_ text: some StringProtocol) -> Bool {
    (3...63).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
      }
  }

  /// An object below this one.
  public func appending(_ path: String) -> ObjectURI? {
    ObjectURI("s3://\(bucket)/\(key.hasSuffix("/") ? key : key + "/")\(path)")
  }

  /// The text.
  public var description: String {
    "s3://\(bucket)/\(key)" + (versionID.map { "?versionId=\($0)" } ?? "")
  }
}

/// Reads and writes objects in S3 (service model `s3-2006-03-01`; the bucket's name in the path, so that any
/// endpoint serves).
public struct ObjectStore: Sendable {
  private let client: ServiceClient
  let region: Region
  /// Attempts in all that a call makes at most.
  var maximumAttempts: Int { client.maximumAttempts }

  /// - Parameter region: the buckets' region.
  /// - Throws: ``ConfigurationError`` when a variable of the environment is wrong.
  public init(region: Region, _ dependencies: ServiceClient.Dependencies) throws(ConfigurationError) {
    client = try ServiceClient(service: "s3", targetPrefix: "", normalizesPath: false, dependencies)
    self.region = region
  }

  /// - Parameter maximumSize: bytes; a larger object is an error while it comes.
  /// - Returns: the object's bytes.
  /// - Throws: ``FailedCall``, e.g. with the codes `NoSuchKey` and `AccessDenied`.
  public func get(
    _ object: ObjectURI, maximumSize: Int, latest: Deadline
  ) async throws(FailedCall) -> [UInt8] {
    var options = ServiceClient.Options()
    options.latest = latest
    options.maximumAnswer = maximumSize
    return try await send(.init(.get, path: path(object), query: query(of: object)), "GetObject", options)
  }

  /// Writes an object as JSON.
  /// - Throws: ``FailedCall``.
  public func put(_ object: ObjectURI, _ bytes: [UInt8], latest: Deadline) async throws(FailedCall) {
    let headers: HTTPHeaders = ["Content-Type": "application/json"]
    var options = ServiceClient.Options()
    options.latest = latest
    _ = try await send(
      .init(.put, path: path(object), headers: headers, body: bytes), "PutObject", options)
  }

  /// What is known of an object before it is read.
  /// - Throws: ``FailedCall``; S3 answers this question without words, so the codes are `NoSuchKey` and `AccessDenied` by
  ///   the status.
  /// - Parameter part: of an object that was put in several, the number of one from 1 on, whose size is told instead.
  public func head(
    _ object: ObjectURI, part: Int? = nil, latest: Deadline
  ) async throws(FailedCall) -> ObjectVersion {
    var options = ServiceClient.Options()
    options.latest = latest
    do throws(FailedCall) {
      return try await client.send(
        signed(.init(.head, path: path(object), query: query(of: object, part: part))), "HeadObject", region,
        options
      ) { ObjectVersion($0.success) }
    } catch {
      throw error.ofSilentAnswer
    }
  }

  /// A part of an object, if it is still the same one. One attempt: what has come of an answer that broke off is given too,
  /// and the rest is asked for by another call.
  /// - Returns: the part's bytes, or its beginning, one byte at least.
  /// - Throws: ``FailedCall`` where not a byte has come; with the code `PreconditionFailed` where the object is another one by
  ///   now.
  public func read(
    _ part: Range<Int>, of object: ObjectURI, _ version: ObjectVersion, latest: Deadline,
    within time: Duration
  ) async throws(FailedCall) -> [UInt8] {
    var options = ServiceClient.Options()
    (options.latest, options.attemptTimeout) = (latest, time)
    (options.maximumAttempts, options.maximumAnswer) = (1, part.count)
    let headers: HTTPHeaders = [
      "If-Match": version.tag, "Range": "bytes=\(part.lowerBound)-\(part.upperBound - 1)",
    ]
    let message = ServiceClient.Message(.get, path: path(object), query: query(of: object), headers: headers)
    do throws(FailedCall) {
      let bytes = try await client.send(signed(message), "GetObject", region, options) { answer in
        answer.success?.beginning(of: part, version)
      }
      return bytes
    } catch {
      guard case .unreachable(let broken) = error.error,
        let bytes = broken.beginning.flatMap({ RESTAnswer($0).beginning(of: part, version) })
      else { throw error }
      return bytes
    }
  }

  private func query(of object: ObjectURI, part: Int? = nil) -> String {
    let questions = [("partNumber", part.map(String.init)), ("versionId", object.versionID)]
    return PercentEncoding.pairs(questions.compactMap { name, value in value.map { (name, $0) } })
  }

  /// S3 wants the hash that is signed as a header too.
  private func signed(_ message: ServiceClient.Message) -> ServiceClient.Message {
    var message = message
    message.headers.append("X-Amz-Content-Sha256", Digest.hex(Digest.sha256(message.body)))
    return message
  }

  private func send(
    _ message: ServiceClient.Message, _ operation: String, _ options: ServiceClient.Options
  ) async throws(FailedCall) -> [UInt8] {
    try await client.send(signed(message), operation, region, options) { $0.body }
  }

  private func path(_ object: ObjectURI) -> String {
    "/\(object.bucket)/\(PercentEncoding.encode(object.key, leaving: "/"))"
  }
}
