import Glibc

/// A file that lies directly in a folder.
struct ListedFile: Encodable, Sendable, Equatable {
  /// Within its folder.
  var name: String
  /// Bytes.
  var sizeBytes: Int
}

extension Mount {
  /// The files that lie directly in a folder, by name, without temporary ones; none where there is no such folder yet.
  /// - Throws: ``MountError``.
  func files(in folder: StoredName.Folder, atMost longest: Int) throws(MountError) -> [ListedFile] {
    let root = try root()
    let descriptor = openat(
      root.descriptor, folder.rawValue, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return [] }
      throw MountError(.reading, "\(path)/\(folder.rawValue)", code: errno)
    }
    let opened = OpenFile(descriptor: descriptor, name: "\(path)/\(folder.rawValue)")
    return opened.entries.sorted().compactMap { name -> ListedFile? in
      guard !name.utf8.starts(with: StoredName.temporaryPrefix.utf8),
        let information = opened.information(of: name), information.st_mode & S_IFMT == S_IFREG
      else { return nil }
      return ListedFile(name: name, sizeBytes: Int(information.st_size))
    }.prefix(longest).map { $0 }
  }
}

extension OpenFile {
  /// What is in it, if it is a folder.
  var entries: [String] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let listing = fdopendir(copy) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// What the file system says of something in it, no link being followed; nil where it is not there any more.
  func information(of name: String) -> stat? {
    var information = stat()
    return fstatat(descriptor, name, &information, AT_SYMLINK_NOFOLLOW) == 0 ? information : nil
  }
}
