import CZlib
import Groundwork

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

  /// Bytes of a router's plain answers that are shown in its result and in the log: a hub's are a megabyte, of which the
  /// verdict says what matters.
  static let shown = 1 << 18

  /// The beginning of what was printed, unpacked, of each of the outputs an equal share.
  static func shown(_ outputs: [String], limit: Int) -> String {
    let share = shown / max(outputs.count, 1)
    return outputs.map { output in
      guard output.hasPrefix(mark) || output.utf8.count > share else { return output }
      var (head, size): ([UInt8], Int) = ([], 0)
      let trouble = read(output, limit: limit) { block in
        head += block.prefix(max(share - head.count, 0))
        size += block.count
      }
      if trouble != nil { return output }
      let rest = size > head.count ? "\n[… \(size - head.count) bytes more …]\n" : ""
      return String(decoding: head, as: UTF8.self) + rest
    }.joined()
  }

  /// Why an output could not be unpacked.
  enum Trouble: Equatable, CustomStringConvertible {
    case cut(characters: Int)
    case tooLong(limit: Int)

    var description: String {
      switch self {
      case .cut(let characters):
        "its packed output can't be unpacked; of longer ones Run Command keeps 24,000 characters, and these are \(characters)"
      case .tooLong(let limit): "its packed output is longer than \(limit) bytes"
      }
    }
  }

  /// The plain text; an output that is not packed as it is, and so is one that can't be unpacked or is longer than
  /// `limit` bytes.
  static func plain(_ output: String, limit: Int) -> String {
    guard output.hasPrefix(mark) else { return output }
    var bytes: [UInt8] = []
    let trouble = read(output, limit: limit) { bytes += $0 }
    return trouble == nil ? String(decoding: bytes, as: UTF8.self) : output
  }

  /// Hands the plain text out block by block, so that it need not be held; an output that is not packed is one block.
  /// - Returns: what went wrong: then the blocks count for nothing.
  static func read(
    _ output: String, limit: Int, _ take: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> Trouble? {
    guard output.hasPrefix(mark) else {
      var output = output
      output.withUTF8(take)
      return nil
    }
    guard
      let packed = Base64.decode(output.utf8.dropFirst(mark.utf8.count).filter { $0 != 0x0A && $0 != 0x0D })
    else {
      return .cut(characters: output.utf8.count)
    }
    guard let size = gunzip(packed, limit: limit, take) else {
      return .cut(characters: output.utf8.count)
    }
    return size > limit ? .tooLong(limit: limit) : nil
  }

  /// - Returns: how long the plain text is, or more than the limit; nil where it can't be unpacked.
  private static func gunzip(
    _ packed: [UInt8], limit: Int, _ take: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> Int? {
    var stream = z_stream()
    guard sdwan_inflate_init_gzip(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = packed
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var size = 0
    return input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      var status = Z_OK
      while status == Z_OK, size <= limit {
        block.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
          let written = target.count - Int(stream.avail_out)
          size += written
          if size <= limit { take(UnsafeBufferPointer(rebasing: target[..<written])) }
        }
      }
      return status == Z_STREAM_END || size > limit ? size : nil
    }
  }
}
