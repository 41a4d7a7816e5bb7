import AWSClient

/// Writes what came with a request; a file that has the name already stays.
struct ContentIngest: Sendable {
  let mount: Mount

  /// - Throws: ``Refusal``.
  func ingest(_ bytes: [UInt8], _ filename: String?) async throws(Refusal) -> Ingestion {
    // Without a name the content is the name, so that the same again is the same file.
    let name = try StoredName(
      field: "filename", filename ?? "\(Digest.hex(Digest.sha256(bytes)).prefix(32)).bin", in: .inputs)
    if let known = try known(name) { return known }
    do {
      try await mount.write(name) { file in
        try file.append(bytes[...])
        return .new
      }
      return Ingestion(name, on: mount, size: bytes.count)
    } catch let error as MountError {
      // Somebody else was faster.
      if error.kind == .exists, let known = try known(name) { return known }
      throw error.refusal.about(name, on: mount)
    } catch {
      throw Refusal(.serverError, "EFS_WRITE_FAILED", "\(error)").about(name, on: mount)
    }
  }

  /// The file that is there; nil where there is none.
  private func known(_ name: StoredName) throws(Refusal) -> Ingestion? {
    do throws(MountError) {
      return Ingestion(
        name, on: mount, size: try mount.reading(name) { file throws(MountError) in try file.size() })
    } catch {
      if error.kind == .missing { return nil }
      throw error.refusal.about(name, on: mount)
    }
  }
}

extension Refusal {
  /// The same, with the file's id.
  func about(_ name: StoredName, on mount: Mount) -> Refusal {
    var refusal = self
    refusal.facts.fileId = FileID.of(path: mount.fullPath(name))
    return refusal
  }
}
