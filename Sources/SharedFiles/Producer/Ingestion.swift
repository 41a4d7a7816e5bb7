/// A file that is there now.
struct Ingestion: Encodable, Sendable, Equatable {
  /// See ``FileID``.
  var fileId: String
  /// Absolute.
  var efsPath: String
  /// Where it came from, or lies too.
  var s3Key: String?
  /// Its own, which need not be what was sent where the file was there before.
  var sizeBytes: Int

  init(_ name: StoredName, on mount: Mount, size: Int, key: String? = nil) {
    efsPath = mount.fullPath(name)
    fileId = FileID.of(path: efsPath)
    s3Key = key
    sizeBytes = size
  }
}
