import Glibc

/// A file descriptor, closed with its owner.
final class OpenFile: Sendable {
  /// Bytes of a read or a write.
  static let block = 1 << 20

  let descriptor: Int32
  /// For messages.
  let name: String

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  deinit { close(descriptor) }

  /// - Throws: ``MountError``.
  func size() throws(MountError) -> Int {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw Self.error("\(name) can't be asked for its size", errno)
    }
    return Int(information.st_size)
  }

  /// Hands on the whole content, block after block.
  /// - Throws: ``MountError``.
  func read(_ take: (UnsafeRawBufferPointer) -> Void) throws(MountError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.block, alignment: 64)
    defer { buffer.deallocate() }
    var place = 0
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(place))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.error("\(name) can't be read", errno) }
      guard count > 0 else { return }
      take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      place += count
    }
  }

  private static func error(_ what: String, _ code: Int32) -> MountError {
    MountError(code == ESTALE ? .replaced : .reading, what, code: code)
  }

  /// Writes behind what was written before.
  /// - Throws: ``MountError``.
  func append(_ bytes: ArraySlice<UInt8>) throws(MountError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, min($0.count, Self.block)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw MountError(.writing, "\(name) can't be written", code: errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until it is on the disk: an error of the file system may come as late as here.
  /// - Throws: ``MountError``.
  func sync() throws(MountError) {
    guard fsync(descriptor) == 0 else { throw MountError(.writing, "\(name) can't be written", code: errno) }
  }
}
