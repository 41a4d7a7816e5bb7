import CZlib
import FoundationEssentials

/// The output of `phase3.sh` where it was too long for Run Command as plain text: gzip in base64.
enum PackedOutput {
  private static let mark = "=====[ gzip base64 ]=====\n"

  /// Bytes of one answer that leave the host of a router with so many tunnels: its own rows of the longest table
  /// take half of it.
  static func longestAnswer(tunnels: Int) -> Int { 100_000 + 2000 * tunnels }

  /// Bytes of plain text that a router with so many tunnels is believed. 24,000 packed characters can hold a hundred
  /// times as much, and of a thousand routers that would be more memory than a function has.
  static func limit(tunnels: Int) -> Int { min((1024 + tunnels * 16) << 10, largest) }

  /// Bytes of plain text that any output is believed.
  static let largest = 8 << 20

  /// The plain text; an output that is not packed as it is, and so is one that can't be unpacked or is longer than
  /// `limit` bytes.
  static func plain(_ output: String, limit: Int) -> String {
    guard output.hasPrefix(mark),
      let packed = Data(base64Encoded: output.dropFirst(mark.count).filter { !$0.isNewline }),
      let bytes = gunzip(Array(packed), limit: limit)
    else { return output }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func gunzip(_ packed: [UInt8], limit: Int) -> [UInt8]? {
    var stream = z_stream()
    guard sdwan_inflate_init_gzip(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = packed
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var output: [UInt8] = []
    return input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      var status = Z_OK
      while status == Z_OK, output.count <= limit {
        let written = block.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
          return target.count - Int(stream.avail_out)
        }
        output += block.prefix(written)
      }
      return status == Z_STREAM_END && output.count <= limit ? output : nil
    }
  }
}
