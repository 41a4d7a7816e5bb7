import JSON
import Groundwork

/// S3's message that objects were made (docs "notification-content-structure").
struct S3Notification: Sendable {
  /// An object.
  struct Object: Sendable, Equatable {
    /// Decoded.
    var key: String
    /// Bytes, as the message says; nil where it does not.
    var size: Int?

    /// What the console makes for a folder: nothing to read.
    var isFolder: Bool { key.utf8.last == UInt8(ascii: "/") }
  }

  /// What was made. A key that can't be decoded stays as it is: it is then refused, or not found, by its name.
  let objects: [Object]

  /// nil unless the event is such a message.
  /// - Throws: ``Failure`` (`Event.Invalid`) for one that can't be read: answered, it would be forgotten.
  init?(event: [UInt8]) throws(Failure) {
    switch try? JSONReader().read(Event.self, from: event).records {
    case nil: return nil
    case .failure(let error):
      let reason = (error as? DecodingError)?.summary ?? "\(error)"
      throw Failure(type: "Event.Invalid", message: "S3's message can't be read: \(reason)")
    case .success(let records):
      objects = records.map {
        Object(key: FormEncoding.decoded($0.s3.object.key) ?? $0.s3.object.key, size: $0.s3.object.size)
      }
    }
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

  /// Any event: of others there are no records, and those of S3 may be unreadable.
  private struct Event: Decodable {
    var records: Result<[Record], any Error>?

    private enum CodingKeys: String, CodingKey { case records = "Records" }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      guard fields.contains(.records) else { return }
      records = Result { try fields.decode([Record].self, forKey: .records) }
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
