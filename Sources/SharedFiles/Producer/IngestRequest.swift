import AWSClient
import Groundwork

/// What is to be brought to EFS.
enum IngestRequest: Sendable, Equatable {
  /// An object of the bucket.
  case object(key: String)
  /// The content itself.
  case content([UInt8], name: String?)

  /// Bytes of content: with base64 and its frame it fits into what Lambda takes (6 MB).
  static let mostContent = 4 << 20

  private struct Fields: Decodable {
    var key: String?
    var data: String?
    var filename: String?
    var encoding: String?
  }

  /// - Throws: ``Refusal`` that names the field.
  init(_ request: ProxyRequest) throws(Refusal) {
    let fields = try request.fields(Fields.self)
    switch (fields.key, fields.data) {
    case (nil, nil):
      throw Refusal(.badRequest, "INVALID_REQUEST", "the body has neither \"key\" nor \"data\"")
    case (_?, _?): throw Refusal(.badRequest, "INVALID_REQUEST", "the body has both \"key\" and \"data\"")
    case (let key?, nil): self = .object(key: key)
    case (nil, let data?):
      let bytes = try Self.bytes(data, fields.encoding)
      guard bytes.count <= Self.mostContent else { throw .tooLarge(bytes.count, maximum: Self.mostContent) }
      self = .content(bytes, name: fields.filename)
    }
  }

  /// What `encoding` says; where it says nothing, bytes where the text is base64 as it is written, else the text itself.
  private static func bytes(_ data: String, _ encoding: String?) throws(Refusal) -> [UInt8] {
    let decoded = Base64.decode(data.utf8)
    switch encoding {
    case "utf-8": return Array(data.utf8)
    case "base64":
      guard let decoded else { throw .invalid("data", "is no base64") }
      return decoded
    case nil:
      guard let decoded, Base64.encode(decoded) == data else { return Array(data.utf8) }
      return decoded
    case _?: throw .invalid("encoding", "is neither base64 nor utf-8")
    }
  }
}
