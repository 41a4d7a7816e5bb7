import SSMKit

/// A document that is run on the hosts before or after they are worked on, by the operator's wish.
struct HostCommand: Equatable, Sendable {
  /// What its work is called in metrics, logs and comments.
  static let name = Mode.command.rawValue

  static let allowedName = "a document's name or ARN: 3 to 200 letters, digits, _ . - : and /"

  /// Name or ARN.
  var document: String
  /// The document's own.
  var parameters: [String: [String]]
  /// The instances that it runs on; nil for those of the wave's items.
  var instances: [InstanceID]?

  var hasName: Bool { Self.isName(document) }

  /// Whether a text may be a document's name or ARN.
  static func isName(_ text: String) -> Bool {
    (3...200).contains(text.utf8.count) && text.utf8.allSatisfy { letters.contains($0) }
  }

  /// Whether a text may be the name of a document's parameter.
  static func isParameter(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count)
      && text.utf8.allSatisfy { letters.contains($0) && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") }
  }

  private static let letters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-:/".utf8)
}

extension HostCommand: Codable {
  private enum Key: String, CodingKey { case document, parameters, instances }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    document = try fields.decode(String.self, forKey: .document)
    parameters = try fields.decodeIfPresent([String: [String]].self, forKey: .parameters) ?? [:]
    instances = try fields.decodeIfPresent([String].self, forKey: .instances).map { texts in
      try texts.map { text in
        guard let instance = InstanceID(text) else {
          throw DecodingError.dataCorruptedError(
            forKey: .instances, in: fields, debugDescription: "\(text) is no instance's id")
        }
        return instance
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(document, forKey: .document)
    try fields.encode(parameters, forKey: .parameters)
    try fields.encodeIfPresent(instances?.map(\.text), forKey: .instances)
  }
}
