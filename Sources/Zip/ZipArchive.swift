/// Writes a zip archive (APPNOTE 6.3) that depends on nothing but the names, modes and bytes of its files:
/// no clock, no owner, no order of a file system.
public struct ZipArchive: Sendable {
  /// Why a file can't be added.
  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// A plain zip holds no file of 4 GiB, and no more than that in all; the file's name.
    case tooLarge(String)
    /// zlib gave up on a file; its name and zlib's code.
    case zlib(String, code: Int32)

    /// In words.
    public var description: String {
      switch self {
      case .tooLarge(let name): "\(name) is 4 GiB or larger, which a plain zip can't hold"
      case .zlib(let name, let code): "\(name) can't be packed: zlib failed with code \(code)"
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

  /// Nothing yet.
  public init() {}

  /// Adds a file.
  /// - Parameters:
  ///   - name: its path in the archive, e.g. `bootstrap`.
  ///   - mode: permissions, e.g. `0o755`.
  /// - Throws: ``Failure``.
  public mutating func add(_ name: String, mode: UInt32, _ content: [UInt8]) throws(Failure) {
    guard content.count < UInt32.max else { throw .tooLarge(name) }
    let deflated: [UInt8]
    do { deflated = try Deflate.compress(content) } catch { throw .zlib(name, code: error.code) }
    guard deflated.count < UInt32.max, bytes.count < UInt32.max else { throw .tooLarge(name) }
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
  public func finished() -> [UInt8] {
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
