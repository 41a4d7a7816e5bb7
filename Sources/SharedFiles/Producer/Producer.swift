import AWSClient
import Groundwork

/// Brings files to EFS: objects of S3, by request or when S3 says that there is a new one, and what comes with a request.
struct Producer: Sendable {
  let settings: FileSettings
  let mount: Mount
  let objects: ObjectStore
  let clock: Clock

  /// - Returns: an answer for API Gateway, or the list of what was brought.
  /// - Throws: ``Failure`` where S3's message could not be dealt with whole: Lambda then hands it over again.
  func handle(_ invocation: Invocation, _ logger: Logger) async throws(Failure) -> [UInt8] {
    let latest = invocation.latest(clock)
    if let notification = try S3Notification(event: invocation.event) {
      return try await handle(notification, logger, latest)
    }
    do throws(Refusal) {
      let request = try IngestRequest(ProxyRequest(event: invocation.event))
      let ingested = try await ingest(request, latest)
      log(ingested, "ingest", logger)
      return ProxyAnswer(ingested).bytes
    } catch {
      log(error, "ingest", logger)
      return ProxyAnswer(error).bytes
    }
  }

  private func ingest(_ request: IngestRequest, _ latest: Deadline) async throws(Refusal) -> Ingestion {
    switch request {
    case .object(let key): try await ObjectIngest(self, latest).ingest(key)
    case .content(let bytes, let name): try await ContentIngest(mount: mount).ingest(bytes, name)
    }
  }

  // MARK: S3's messages

  /// What became of one record.
  private struct Outcome: Encodable {
    var key: String
    var ingested: Ingestion?
    var error: String?
  }

  private func handle(
    _ notification: S3Notification, _ logger: Logger, _ latest: Deadline
  ) async throws(Failure) -> [UInt8] {
    var outcomes: [Outcome] = []
    var passing: Refusal?
    for object in notification.objects where !object.isFolder {
      do throws(Refusal) {
        let ingested = try await ObjectIngest(self, latest).ingest(object.key, announced: object.size)
        log(ingested, "notification", logger)
        outcomes.append(Outcome(key: object.key, ingested: ingested))
      } catch {
        log(error, "notification", logger, key: object.key)
        outcomes.append(Outcome(key: object.key, error: error.code))
        if error.isPassing { passing = error }
      }
    }
    // What can't be otherwise another time is said once, and not tried again.
    if let passing { throw Failure(type: "Files.\(passing.code)", message: passing.message) }
    return Array(ProxyAnswer.text(outcomes).utf8)
  }

  private func log(_ ingested: Ingestion, _ stage: String, _ logger: Logger) {
    logger.log(.info, "\(ingested.efsPath) is there", [("fileId", ingested.fileId), ("stage", stage)])
  }

  private func log(_ refusal: Refusal, _ stage: String, _ logger: Logger, key: String? = nil) {
    var fields = [("fileId", refusal.facts.fileId ?? ""), ("stage", stage), ("error", refusal.code)]
    if let key { fields.append(("key", key)) }
    logger.log(refusal.status == .serverError ? .error : .warn, refusal.message, fields)
  }
}
