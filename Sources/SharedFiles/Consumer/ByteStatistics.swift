import AWSClient

/// What a file is made of.
struct ByteStatistics: Encodable, Sendable, Equatable {
  var fileSize: Int
  /// SHA-256, lower-case hexadecimal.
  var checksum: String
  /// How many of the 256 bytes there are.
  var uniqueBytes: Int
  /// The lowest of equals; 0 in an empty file.
  var mostCommonByte: Int
  /// Milliseconds.
  var processingDurationMs: Double = 0

  /// Reads a file.
  /// - Throws: ``MountError``.
  init(of file: OpenFile) throws(MountError) {
    let digest = RunningDigest(.sha256)
    // Several tables, one after the other: the same byte twice in a row need not wait for itself.
    var counts = [Int](repeating: 0, count: 4 * 256)
    var size = 0
    try file.read { bytes in
      digest.update(bytes)
      size += bytes.count
      counts.withUnsafeMutableBufferPointer { counts in
        for (place, byte) in bytes.enumerated() { counts[(place & 3) << 8 | Int(byte)] &+= 1 }
      }
    }
    let totals = (0..<256).map { byte in (0..<4).reduce(0) { $0 + counts[$1 << 8 | byte] } }
    fileSize = size
    checksum = digest.hex()
    uniqueBytes = totals.count { $0 > 0 }
    mostCommonByte = totals.firstIndex(of: totals.max() ?? 0) ?? 0
  }
}
