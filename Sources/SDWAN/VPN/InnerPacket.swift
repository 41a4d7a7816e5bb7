/// What fits into a tunnel on a path of 1,500 bytes.
///
/// A router stands behind 1:1 NAT, so its ESP goes in UDP (RFC 3948); AES-CBC (RFC 3602) fills the last block of 16
/// bytes up, HMAC-SHA-256-128 (RFC 4868) adds 16 bytes:
///
///     1500 = 20 IP + 8 UDP + 8 ESP head + 16 IV + 1424 encrypted + 16 check value + 8 that no block fits into
///     1424 = 89 blocks of 16 = 1422 inner packet + 1 length of the padding + 1 next header
enum InnerPacket {
  /// Bytes of a packet outside the tunnel.
  static let path = 1500
  private static let (ip, udp, esp, vector, check, block, trailer, icmp, tcp) = (
    20, 8, 8, 16, 16, 16, 2, 8, 20
  )

  /// Bytes of the largest packet inside, with its IPv4 header: 1422.
  static let largest = (path - ip - udp - esp - vector - check) / block * block - trailer
  /// What `ping -s` wants for it: 1394.
  static let pingPayload = largest - ip - icmp
  /// What is left for TCP without options: 1382.
  static let largestSegment = largest - ip - tcp
}
