import AWSClient
import Groundwork

/// Brings an object of S3 to EFS, unless it is there already as it is.
struct ObjectIngest: Sendable {
  /// How often an object may become another one while it is read.
  private static let mostChanges = 3

  private let producer: Producer
  private let latest: Deadline

  private var mount: Mount { producer.mount }

  init(_ producer: Producer, _ latest: Deadline) {
    self.producer = producer
    self.latest = latest
  }

  /// - Parameter announced: the size that S3's message says.
  /// - Throws: ``Refusal``.
  func ingest(_ key: String, announced: Int? = nil) async throws(Refusal) -> Ingestion {
    let name = try StoredName(field: "key", key, in: .models)
    do throws(Refusal) {
      try requireRoom(announced ?? 0)
      let object = try producer.settings.object(key)
      var version = try await version(of: object)
      for _ in 0..<Self.mostChanges {
        try requireRoom(version.size)
        if try await isThere(object, version, as: name) {
          return Ingestion(name, on: mount, size: version.size, key: key)
        }
        let isBrought = try await bring(object, version, to: name)
        // Asked once more: who was faster may have brought a newer one, in whose place this one is now.
        let now = try await self.version(of: object)
        if isBrought, now == version {
          return Ingestion(name, on: mount, size: version.size, key: key)
        }
        version = now
      }
      throw Refusal(
        .serverError, "S3_CHANGED",
        "\(object) became another one \(Self.mostChanges) times while it was read")
    } catch {
      throw error.about(name, on: mount)
    }
  }

  private func requireRoom(_ size: Int) throws(Refusal) {
    guard size <= producer.settings.maximumSize else {
      throw .tooLarge(size, maximum: producer.settings.maximumSize)
    }
  }

  private func version(of object: ObjectURI) async throws(Refusal) -> ObjectVersion {
    do throws(FailedCall) {
      return try await producer.objects.head(object, latest: latest)
    } catch {
      throw Refusal(error)
    }
  }

  /// - Returns: false where the object is another one by now.
  private func bring(
    _ object: ObjectURI, _ version: ObjectVersion, to name: StoredName
  ) async throws(Refusal) -> Bool {
    do {
      try await mount.write(name) { file in
        let sha256 = try await copy(object, version, into: file)
        let known = try known(name, size: version.size) { file throws(MountError) in
          let digest = RunningDigest(.sha256)
          try file.read { digest.update($0) }
          return digest.hex()
        }
        return known == sha256 ? nil : .replacing
      }
      return true
    } catch let error as MountError {
      throw error.refusal
    } catch let error as FailedCall {
      if error.error.code == "PreconditionFailed" { return false }
      throw Refusal(error)
    } catch let error as Refusal {
      throw error
    } catch {
      throw Refusal(.serverError, "EFS_WRITE_FAILED", "\(error)")
    }
  }

  /// - Returns: the digest of what was written.
  private func copy(
    _ object: ObjectURI, _ version: ObjectVersion, into file: OpenFile
  ) async throws -> String {
    let digest = RunningDigest(.sha256)
    let download = ObjectDownload(
      object, version, from: producer.objects, clock: producer.clock, latest: latest)
    try await download.run { part in
      digest.update(part)
      try file.append(part)
    }
    return digest.hex()
  }

  /// Whether the file is the object as it is, which its tag often tells.
  private func isThere(
    _ object: ObjectURI, _ version: ObjectVersion, as name: StoredName
  ) async throws(Refusal) -> Bool {
    var part: Int?
    if version.partCount != nil {
      guard try known(name, size: version.size, { _ throws(MountError) in true }) == true else {
        return false
      }
      // Who can't tell it is no hindrance.
      guard let size = try? await producer.objects.head(object, part: 1, latest: latest).size, size > 0 else {
        return false
      }
      part = size
    }
    return try known(name, size: version.size) { [part] file throws(MountError) in
      try FileTag.of(file, part: part)
    } == version.bareTag
  }

  /// What is found out of the file that is there; nil where there is none of that size.
  private func known<Value>(
    _ name: StoredName, size: Int, _ look: (OpenFile) throws(MountError) -> Value
  ) throws(Refusal) -> Value? {
    do throws(MountError) {
      return try mount.reading(name) { file throws(MountError) in
        try file.size() == size ? try look(file) : nil
      }
    } catch {
      if error.kind == .missing { return nil }
      throw error.refusal
    }
  }
}

extension Refusal {
  /// What S3 said.
  init(_ call: FailedCall) {
    switch call.error.code {
    case "NoSuchKey", "NotFound", "NoSuchBucket", "NoSuchVersion":
      self.init(.notFound, "S3_NOT_FOUND", "\(call.error)")
    case "AccessDenied", "AllAccessDisabled", "AccountProblem", "InvalidAccessKeyId", "SignatureDoesNotMatch":
      self.init(.forbidden, "S3_ACCESS_DENIED", "\(call.error)")
    default:
      self.init(.serverError, "S3_FAILED", "\(call.error)")
    }
  }
}
