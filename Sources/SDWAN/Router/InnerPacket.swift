/// What fits into a tunnel.
enum InnerPacket {
  /// The largest IPv4 packet, in bytes, that ESP in UDP takes through a path of 1,500 bytes: outer IPv4 header 20, UDP 8,
  /// ESP's SPI and sequence number 8, AES-CBC's IV 16 and HMAC-SHA-256-128's check value 16 (RFC 3948, 4303, 3602,
  /// 4868) leave 1,432; AES takes whole blocks of 16, that is 1,424, of which two bytes are ESP's trailer.
  static let largest = (1500 - 20 - 8 - 8 - 16 - 16) / 16 * 16 - 2
  /// What is left for TCP without options: 20 bytes less for its header, 20 for IPv4's.
  static let largestSegment = largest - 40
}
