import AWSClient

/// The ETag that S3 gives to a file's content where it encrypts with keys of its own: the MD5, or of an object that was put in
/// parts the MD5 of the parts' MD5s and their number. It spares the download of an object that is there already; where S3
/// reckons otherwise it is just another text.
enum FileTag {
  /// - Parameter part: bytes of each part but the last; nil for an object that was put in one.
  /// - Returns: without quotes.
  /// - Throws: ``MountError``.
  static func of(_ file: OpenFile, part: Int?) throws(MountError) -> String {
    guard let part else {
      let digest = RunningDigest(.md5)
      try file.read { digest.update($0) }
      return digest.hex()
    }
    let ofParts = RunningDigest(.md5)
    var (digest, room, count) = (RunningDigest(.md5), part, 0)
    func end() {
      ofParts.update(digest.bytes()[...])
      (digest, room, count) = (RunningDigest(.md5), part, count + 1)
    }
    try file.read { block in
      var rest = block[...]
      while !rest.isEmpty {
        let piece = rest.prefix(room)
        digest.update(UnsafeRawBufferPointer(rebasing: piece))
        room -= piece.count
        rest = rest.dropFirst(piece.count)
        if room == 0 { end() }
      }
    }
    if room < part { end() }
    return "\(ofParts.hex())-\(count)"
  }
}
