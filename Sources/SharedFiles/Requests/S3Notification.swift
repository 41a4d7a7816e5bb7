import FoundationEssentials

/// S3's message that objects were made (docs "notification-content-structure").
struct S3Notification: Decodable, Sendable {
  /// An object.
  struct Object: Sendable, Equatable {
    /// Decoded.
    var key: String
    /// Bytes, as the message says; nil where it does not.
    var size: Int?

    /// What the console makes for a folder: nothing to read.
    var isFolder: Bool { key.utf8.last == UInt8(ascii: "/") }
  }

  private struct Record: Decodable {
    struct Entity: Decodable {
      struct Object: Decodable {
        var key: String
        var size: Int?
      }
      var object: Object
    }
    var s3: Entity
  }

  private let records: [Record]

  private enum CodingKeys: String, CodingKey { case records = "Records" }

  /// nil unless the event is such a message.
  init?(event: [UInt8]) {
    guard let read = try? JSONDecoder().decode(Self.self, from: Data(event)) else { return nil }
    self = read
  }

  /// A key that can't be decoded stays as it is: it is then refused, or not found, by its name.
  var objects: [Object] {
    records.map {
      Object(key: FormEncoding.decoded($0.s3.object.key) ?? $0.s3.object.key, size: $0.s3.object.size)
    }
  }
}

/// As in forms: `+` is a space, `%C3%A9` a character.
enum FormEncoding {
  /// nil where a percent sign is followed by something else, or the bytes are no UTF-8.
  static func decoded(_ text: String, plusIsSpace: Bool = true) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.utf8.count == 2, digits.utf8.first.map({ $0 != 0x2B && $0 != 0x2D }) == true,
          let value = UInt8(digits, radix: 16)
        else {
          return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
