import HTTPClient

/// Which state of an object is meant.
public struct ObjectVersion: Sendable, Equatable {
  /// Bytes.
  public var size: Int
  /// Its ETag with the quotes. Of an object that was put in one part and is encrypted by S3's own keys it is the MD5 of the
  /// content; of others it only changes when the object does.
  public var tag: String

  /// A state.
  public init(size: Int, tag: String) {
    self.size = size
    self.tag = tag
  }

  /// nil unless an answer tells both.
  init?(_ answer: RESTAnswer?) {
    guard let answer, let tag = answer.headers["ETag"], !tag.isEmpty,
      let size = answer.headers["Content-Length"].flatMap(Int.init), size >= 0
    else { return nil }
    self.init(size: size, tag: tag)
  }

  /// The tag without its quotes.
  public var bareTag: String { tag.split(separator: "\"").joined() }

  /// How many parts it was put in, where the tag says so (`…-3`).
  public var partCount: Int? {
    let words = bareTag.split(separator: "-", omittingEmptySubsequences: false)
    return words.count == 2 ? Int(words[1]).flatMap { $0 > 0 ? $0 : nil } : nil
  }
}

extension RESTAnswer {
  /// The bytes of this part of this object, or some at its beginning; nil where the answer has others. Its tag, its status and
  /// the place that it tells say so (RFC 9110, 14.4); 200 stands for all of an object.
  func beginning(of part: Range<Int>, _ version: ObjectVersion) -> [UInt8]? {
    guard headers["ETag"] == version.tag, !body.isEmpty, body.count <= part.count else { return nil }
    let place = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(version.size)"
    switch status {
    case 206: return headers["Content-Range"] == place ? body : nil
    case 200: return part == 0..<version.size ? body : nil
    default: return nil
    }
  }
}

extension FailedCall {
  /// An answer without a body has no code, which its status stands for.
  var ofSilentAnswer: FailedCall {
    guard case .unreachable(let call) = error, let status = call.status, let code = Self.codes[status] else {
      return self
    }
    return FailedCall(
      .service(
        .init(
          code: code, message: "the answer has no words", requestID: nil, status: status,
          operation: call.operation, region: call.region)), mayHaveHappened: mayHaveHappened)
  }

  private static let codes = [403: "AccessDenied", 404: "NoSuchKey", 412: "PreconditionFailed"]
}
