import Glibc
import Groundwork
import Synchronization

/// The file system that the functions share. Nothing outside it is ever opened: every part of a name is opened in its
/// folder, and no link is followed.
final class Mount: Sendable {
  /// Seconds after which a temporary file is nobody's any more: no invocation lives longer.
  private static let longestInvocation = 900
  /// How often a file is opened that is replaced each time.
  private static let mostOpenings = 5

  let path: String
  private let clock: Clock
  private let random: @Sendable () -> UInt64
  /// Folders in which leftovers were looked for.
  private let swept = Mutex<Set<[String]>>([])

  /// - Parameter random: any number, for names of temporary files.
  init(path: String, clock: Clock, random: @escaping @Sendable () -> UInt64) {
    self.path = path
    self.clock = clock
    self.random = random
  }

  /// As everybody sees it who has the same mount.
  func fullPath(_ name: StoredName) -> String { "\(path)/\(name)" }

  /// Opens a file to read it.
  /// - Throws: ``MountError``.
  func open(_ name: StoredName) throws(MountError) -> OpenFile {
    let folder = try folder(of: name, isMade: false)
    guard let last = name.parts.last else { throw MountError(.missing, "\(name)", code: ENOENT) }
    let descriptor = openat(folder.descriptor, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.error(fullPath(name), errno) }
    let file = OpenFile(descriptor: descriptor, name: fullPath(name))
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      throw MountError(.notAFile, "\(fullPath(name)) is no file", code: EINVAL)
    }
    return file
  }

  /// Reads a file. One that another machine has replaced meanwhile is opened anew: NFS does not keep what nobody can name any
  /// more, not even for who has it open (ESTALE).
  /// - Throws: ``MountError``.
  func reading<Value>(
    _ name: StoredName, _ read: (OpenFile) throws(MountError) -> Value
  ) throws(MountError) -> Value {
    for _ in 1..<Self.mostOpenings {
      do throws(MountError) {
        return try read(try open(name))
      } catch {
        guard error.kind == .replaced else { throw error }
      }
    }
    return try read(try open(name))
  }

  /// How a finished file gets its name.
  enum Placement: Sendable {
    /// In the place of one that is there.
    case replacing
    /// Only where none is there.
    case new
  }

  /// Writes a file so that nobody sees a part of it: under another name first.
  /// - Parameter write: writes the content and says how it is placed; nil takes it away again.
  /// - Throws: ``MountError`` (`exists` where there is a file that is not to be replaced), or what `write` throws.
  func write(
    _ name: StoredName, _ write: (OpenFile) async throws -> Placement?
  ) async throws {
    let folder = try folder(of: name, isMade: true)
    guard let last = name.parts.last else { throw MountError(.missing, "\(name)", code: ENOENT) }
    sweep(folder, Array(name.parts.dropLast()))
    let temporary = StoredName.temporaryPrefix + String(random(), radix: 16) + String(random(), radix: 16)
    let descriptor = openat(
      folder.descriptor, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw MountError(.writing, "\(fullPath(name)) can't be made", code: errno) }
    let file = OpenFile(descriptor: descriptor, name: fullPath(name))
    var isLeft = true
    defer { if isLeft { unlinkat(folder.descriptor, temporary, 0) } }
    guard let placement = try await write(file) else { return }
    try file.sync()
    switch placement {
    case .replacing:
      guard renameat(folder.descriptor, temporary, folder.descriptor, last) == 0 else {
        throw Self.error(fullPath(name), errno, .writing)
      }
      isLeft = false
    case .new:
      guard linkat(folder.descriptor, temporary, folder.descriptor, last, 0) == 0 else {
        throw Self.error(fullPath(name), errno, .writing)
      }
    }
  }

  // MARK: Folders

  /// The mount itself.
  func root() throws(MountError) -> OpenFile {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw MountError(.mount, "\(path) is not mounted", code: errno) }
    return OpenFile(descriptor: descriptor, name: path)
  }

  private func folder(of name: StoredName, isMade: Bool) throws(MountError) -> OpenFile {
    var folder = try root()
    for part in name.parts.dropLast() {
      let here = "\(folder.name)/\(part)"
      if isMade, mkdirat(folder.descriptor, part, 0o755) != 0, errno != EEXIST {
        throw MountError(.writing, "the folder \(here) can't be made", code: errno)
      }
      let next = openat(folder.descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else { throw Self.error(here, errno, isMade ? .writing : .reading) }
      folder = OpenFile(descriptor: next, name: here)
    }
    return folder
  }

  private static func error(_ path: String, _ code: Int32, _ usual: MountError.Kind = .reading) -> MountError
  {
    switch code {
    case ENOENT: MountError(.missing, path, code: code)
    case EEXIST: MountError(.exists, path, code: code)
    case ESTALE: MountError(.replaced, path, code: code)
    case ELOOP, ENOTDIR, EISDIR, ENXIO:
      MountError(.notAFile, "\(path) is no file, or leads elsewhere", code: code)
    default: MountError(usual, path, code: code)
    }
  }

  /// Takes away what an invocation has left that was ended while it wrote; once for a folder in a process's life.
  private func sweep(_ folder: OpenFile, _ parts: [String]) {
    guard swept.withLock({ $0.insert(parts).inserted }) else { return }
    let oldest = Int(clock.wall().seconds) - Self.longestInvocation
    for name in folder.entries where name.utf8.starts(with: StoredName.temporaryPrefix.utf8) {
      guard let information = folder.information(of: name), information.st_mtim.tv_sec < oldest else {
        continue
      }
      unlinkat(folder.descriptor, name, 0)
    }
  }
}
