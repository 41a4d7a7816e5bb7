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

  /// The MD5 of the content in lower-case hexadecimal, where the tag has that form.
  public var md5: String? {
    let text = tag.split(separator: "\"").joined()
    let isDigest =
      text.utf8.count == 32
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }
    return isDigest ? text : nil
  }
}

extension RESTAnswer {
  /// Whether it is this part of this object: by the status and the place that the answer tells (RFC 9110, 14.4), or all of
  /// an object that is wanted whole.
  func isPart(_ part: Range<Int>, of version: ObjectVersion) -> Bool {
    if let tag = headers["ETag"], tag != version.tag { return false }
    let place = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(version.size)"
    switch status {
    case 206: return headers["Content-Range"] == place && body.count <= part.count && !body.isEmpty
    case 200: return part == 0..<version.size && body.count == version.size
    default: return false
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
