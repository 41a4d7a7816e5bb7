/// An IPv4 address in dotted decimal notation.
public struct IPv4Address: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The address as a number, the first byte highest.
  public let bits: UInt32

  /// The address of a number.
  public init(bits: UInt32) { self.bits = bits }

  /// Reads exactly four decimal numbers from 0 to 255 without leading zeros; nil for everything else.
  public init?(_ text: some StringProtocol) { self.init(utf8: text.utf8) }

  /// The same of a text's bytes.
  init?(utf8: some Sequence<UInt8>) {
    var (bits, number, digits, points) = (UInt32(0), UInt32(0), 0, 0)
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        // A number that begins with a zero has no second digit.
        guard digits == 0 || number > 0 else { return nil }
        (number, digits) = (number * 10 + UInt32(byte - UInt8(ascii: "0")), digits + 1)
        guard number <= 255 else { return nil }
      case UInt8(ascii: "."):
        guard digits > 0, points < 3 else { return nil }
        (bits, number, digits, points) = (bits << 8 | number, 0, 0, points + 1)
      default: return nil
      }
    }
    guard digits > 0, points == 3 else { return nil }
    self.bits = bits << 8 | number
  }

  /// Dotted decimal.
  public var description: String {
    "\(bits >> 24).\(bits >> 16 & 0xFF).\(bits >> 8 & 0xFF).\(bits & 0xFF)"
  }

  /// In the order of the numbers.
  public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  /// What an address is for that no host can have as its own (RFC 6890); nil for all others.
  public var purpose: String? {
    switch bits >> 24 {
    case 0: "of \"this network\" (0.0.0.0/8)"
    case 127: "of the host itself (127.0.0.0/8)"
    case 224...239: "for multicast (224.0.0.0/4)"
    case 240...255: "reserved (240.0.0.0/4)"
    default: nil
    }
  }

  /// Whether it is one of those that hosts give themselves (169.254.0.0/16, RFC 3927).
  public var isLinkLocal: Bool { bits >> 16 == 0xA9FE }
}
