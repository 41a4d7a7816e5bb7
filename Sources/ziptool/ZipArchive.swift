/// Writes a zip archive (APPNOTE 6.3) that depends on nothing but the names, modes and bytes of its files:
/// no clock, no owner, no order of a file system.
struct ZipArchive {
  enum Failure: Error, CustomStringConvertible {
    case tooLarge(String)

    var description: String {
      switch self {
      case .tooLarge(let name): "\(name) is 4 GiB or larger, which a plain zip can't hold"
      }
    }
  }

  /// 1980-01-01 00:00, the first moment that the format knows.
  private static let date: UInt16 = 1 << 5 | 1
  private static let time: UInt16 = 0
  /// 2.0: deflate.
  private static let version: UInt16 = 20
  /// Made on Unix: the upper half of the external attributes is the mode.
  private static let madeBy: UInt16 = 3 << 8 | version
  private static let regularFile: UInt32 = 0o100000

  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// Adds a file.
  /// - Parameter mode: permissions, e.g. `0o755`.
  mutating func add(_ name: String, mode: UInt32, _ content: [UInt8]) throws {
    let deflated = try Deflate.compress(content)
    guard content.count < UInt32.max, deflated.count < UInt32.max, bytes.count < UInt32.max else {
      throw Failure.tooLarge(name)
    }
    let offset = UInt32(bytes.count)
    let common = entry(name, checksum: Deflate.crc32(content), deflated.count, content.count)
    bytes.append(little: 0x0403_4b50 as UInt32)
    bytes += common + name.utf8 + deflated
    directory.append(little: 0x0201_4b50 as UInt32)
    directory.append(little: Self.madeBy)
    directory += common
    directory += [0, 0, 0, 0, 0, 0]  // no comment, first disk, binary
    directory.append(little: (Self.regularFile | mode) << 16)
    directory.append(little: offset)
    directory += name.utf8
    count += 1
  }

  /// The archive with its directory.
  func finished() -> [UInt8] {
    var archive = bytes + directory
    archive.append(little: 0x0605_4b50 as UInt32)
    archive += [0, 0, 0, 0]  // one disk only
    archive.append(little: count)
    archive.append(little: count)
    archive.append(little: UInt32(directory.count))
    archive.append(little: UInt32(bytes.count))
    archive += [0, 0]  // no comment
    return archive
  }

  /// The fields that local and central headers share.
  private func entry(_ name: String, checksum: UInt32, _ deflatedSize: Int, _ size: Int) -> [UInt8] {
    var entry: [UInt8] = []
    entry.append(little: Self.version)
    entry.append(little: 0 as UInt16)  // no flags
    entry.append(little: 8 as UInt16)  // deflate
    entry.append(little: Self.time)
    entry.append(little: Self.date)
    entry.append(little: checksum)
    entry.append(little: UInt32(deflatedSize))
    entry.append(little: UInt32(size))
    entry.append(little: UInt16(name.utf8.count))
    entry.append(little: 0 as UInt16)  // no extra field
    return entry
  }
}

extension [UInt8] {
  fileprivate mutating func append(little value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
