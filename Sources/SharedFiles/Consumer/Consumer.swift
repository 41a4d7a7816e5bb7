import AWSClient
import Groundwork

/// Reads a file from EFS and answers what it is made of; the answer lies on EFS then, and in S3 where that is wanted.
struct Consumer: Sendable {
  let settings: FileSettings
  let mount: Mount
  let objects: ObjectStore
  let clock: Clock

  /// What is answered.
  struct Prediction: Encodable, Sendable {
    var fileId: String
    /// The result's file.
    var efsPath: String
    /// Milliseconds.
    var durationMs: Double
    var result: ByteStatistics
    /// Where the result lies in S3 too.
    var s3Key: String?
  }

  /// What the result's file holds.
  private struct Stored: Encodable {
    var fileId: String
    var model: String
    var result: ByteStatistics
  }

  /// - Returns: an answer for API Gateway.
  func handle(_ invocation: Invocation, _ logger: Logger) async throws(Failure) -> [UInt8] {
    let latest = invocation.latest(clock)
    do throws(Refusal) {
      if let listing = try ListRequest(event: invocation.event) {
        return Array(ProxyAnswer.text(try list(listing)).utf8)
      }
      let request = try PredictRequest(ProxyRequest(event: invocation.event))
      return ProxyAnswer(try await predict(request, logger, latest)).bytes
    } catch {
      logger.log(
        error.status == .serverError ? .error : .warn, error.message,
        [("fileId", error.facts.fileId ?? ""), ("stage", "predict"), ("error", error.code)])
      return ProxyAnswer(error).bytes
    }
  }

  // MARK: What lies there

  /// What is answered to a ``ListRequest``.
  private struct Listing: Encodable {
    var folder: String
    var files: [ListedFile]
  }

  private func list(_ request: ListRequest) throws(Refusal) -> Listing {
    do throws(MountError) {
      return Listing(
        folder: "\(mount.path)/\(request.folder.rawValue)",
        files: try mount.files(in: request.folder, atMost: ListRequest.longest))
    } catch {
      throw error.refusal
    }
  }

  // MARK: A prediction

  private func predict(
    _ request: PredictRequest, _ logger: Logger, _ latest: Deadline
  ) async throws(Refusal) -> Prediction {
    let begun = clock.now()
    do {
      var statistics = try mount.reading(request.model) { file throws(MountError) in
        try ByteStatistics(of: file)
      }
      statistics.processingDurationMs = Self.milliseconds(clock.now() - begun)
      let stored = Array(
        ProxyAnswer.text(
          Stored(fileId: request.fileId, model: mount.fullPath(request.model), result: statistics)
        ).utf8)
      try await mount.write(request.result) { file in
        try file.append(stored[...])
        return .replacing
      }
      let key = await archive(stored, request, logger, latest)
      logger.log(
        .info, "\(mount.fullPath(request.model)) was read",
        [("fileId", request.fileId), ("stage", "predict")])
      return Prediction(
        fileId: request.fileId, efsPath: mount.fullPath(request.result),
        durationMs: Self.milliseconds(clock.now() - begun), result: statistics, s3Key: key)
    } catch let error as MountError {
      var refusal = error.refusal
      refusal.facts.fileId = request.fileId
      throw refusal
    } catch {
      throw Refusal(.serverError, "EFS_WRITE_FAILED", "\(error)")
    }
  }

  /// - Returns: the key; nil where it is not wanted or did not succeed, which is no failure.
  private func archive(
    _ bytes: [UInt8], _ request: PredictRequest, _ logger: Logger, _ latest: Deadline
  ) async -> String? {
    guard settings.archives else { return nil }
    let key = request.result.description
    do {
      try await objects.put(try settings.object(key), bytes, latest: latest)
      return key
    } catch {
      logger.log(
        .error, "the result could not be archived: \(error)",
        [("fileId", request.fileId), ("stage", "archive"), ("error", "S3_ARCHIVE_FAILED")])
      return nil
    }
  }

  private static func milliseconds(_ time: Duration) -> Double {
    (time.inSeconds * 1_000_000).rounded() / 1000
  }
}
