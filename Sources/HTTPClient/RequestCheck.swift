import Groundwork

extension HTTPRequest {
  /// What is wrong with the request, in words; nil where it can be sent as it is. libcurl takes much of this and
  /// sends something else than was meant: a line break begins another header field, a NUL ends a text.
  var flaw: String? {
    if !url.hasBytes(where: { $0 > 0x20 && $0 < 0x7F }) {
      return "the URL holds a character that has to be percent-encoded"
    }
    if caBundle?.utf8.contains(0) == true { return "the name of the CA bundle holds a NUL" }
    if !method.hasBody, !body.isEmpty { return "a \(method.rawValue) has no body" }
    if maximumBodySize < 0 { return "maximumBodySize is negative" }
    for field in headers.fields {
      if let flaw = field.flaw(bodySize: body.count) { return flaw }
    }
    return nil
  }
}

extension HTTPHeaders.Field {
  fileprivate func flaw(bodySize: Int) -> String? {
    guard !name.isEmpty, name.hasBytes(where: \.isTokenByte) else {
      return "the header name \(Self.quoted(name)) is no token (RFC 9110, 5.1)"
    }
    guard value.hasBytes(where: { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      return "the value of header \(Self.quoted(name)) holds a control character"
    }
    // The two names' lengths: no other need be written in small letters.
    switch name.utf8.count == 17 || name.utf8.count == 14 ? name.lowercased() : "" {
    case "transfer-encoding": return "Transfer-Encoding is not for a request whose body is known"
    case "content-length" where value != String(bodySize):
      return "Content-Length is \(Self.quoted(value)) for a body of \(bodySize) bytes"
    default: return nil
    }
  }

  /// For a message: one short line.
  private static func quoted(_ text: String) -> String {
    let line = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : String($0) }
      .joined()
    return "\"\(line.shown(bytes: 60))\""
  }
}

extension String {
  /// Whether all its bytes are of a kind.
  fileprivate func hasBytes(where isRight: (UInt8) -> Bool) -> Bool {
    var text = self
    return text.withUTF8 { bytes in
      for byte in bytes where !isRight(byte) { return false }
      return true
    }
  }
}

extension UInt8 {
  /// Whether a name of a header field may hold it (RFC 9110, 5.6.2).
  fileprivate var isTokenByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+.^_`|~".utf8.contains(self)
    }
  }
}
