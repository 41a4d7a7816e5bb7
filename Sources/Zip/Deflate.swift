import CZlib

/// Raw deflate and CRC-32 by zlib.
enum Deflate {
  /// zlib's own code.
  struct Failure: Error {
    var code: Int32
  }

  static func compress(_ content: [UInt8]) throws(Failure) -> [UInt8] {
    var stream = z_stream()
    let begun = sdwan_deflate_init_raw(&stream, Z_BEST_COMPRESSION)
    guard begun == Z_OK else { throw Failure(code: begun) }
    defer { deflateEnd(&stream) }
    var input = content
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))))
    let ended = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard ended == Z_STREAM_END else { throw Failure(code: ended) }
    return Array(output.prefix(Int(stream.total_out)))
  }

  static func crc32(_ content: [UInt8]) -> UInt32 {
    UInt32(CZlib.crc32(0, content, UInt32(content.count)))
  }
}
