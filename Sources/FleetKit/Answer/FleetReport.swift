import Groundwork

/// Turns the targets' results into an invocation's answer, and leaves metrics, log lines and, where the answer
/// can't hold them, the whole results in S3 behind.
struct FleetReport: Sendable {
  let title: FunctionTitle
  /// What was done, for metrics and the log.
  let name: String
  let event: FleetEvent
  let services: FleetServices
  let latest: Deadline
  /// When the invocation began.
  let begun: Instant
  /// Repeated attempts of all calls before it.
  let retriesBefore: Int
  let logger: Logger

  private var vocabulary: Vocabulary { event.vocabulary }

  /// The whole outputs, which the result may hold a part of only.
  func log(_ target: String, _ result: TargetResult<some TargetDetails>) {
    logger.log(
      result.status == .success ? .info : .warn, "\(target): \(result.status.rawValue)",
      [
        (vocabulary.item, target), ("commandId", result.commandID), ("stdout", result.stdout),
        ("stderr", result.stderr),
      ])
  }

  /// The invocation's answer.
  /// - Parameter measured: what the work leaves for CloudWatch.
  func answer<Details>(
    _ results: [String: TargetResult<Details>], remark: String, measured: [Measurement]
  ) async -> [UInt8] {
    var result = FleetResult(title, results, remark: remark, vocabulary)
    if event.action != .run { result.isDone = true }
    logger.log(result.failCount > 0 ? .warn : .info, "\(name): \(result.summary)")
    let metrics = Metrics(
      vocabulary: vocabulary, deployment: services.settings.name, work: name, time: services.clock.wall(),
      duration: services.clock.now() - begun, succeeded: result.successCount, failed: result.failCount,
      retries: services.client.retries - retriesBefore)
    for line in [metrics.line] + measured.map(metrics.line) { logger.measure(ResultSize.json(line)) }
    let whole = ResultSize.whole(result)
    if whole == nil { result.resultsURI = await stored(result) }
    return whole ?? ResultSize.shortened(result, log: services.settings.log)
  }

  /// Puts the whole result into S3, where there is a place for it.
  /// - Returns: where it lies; nil when it does not, which is no reason to fail.
  private func stored(_ result: FleetResult<some TargetDetails>) async -> String? {
    let run = event.run == nil ? event.requestID : event.executionMark
    let step = event.run?.step ?? ""
    let parts = [event.run?.wave ?? "", step == name ? "" : step, name].filter { !$0.isEmpty }
      .joined(separator: "-")
    guard let object = services.settings.results?.appending("\(run)/\(parts)-\(event.requestID).json")
    else { return nil }
    do {
      try await services.objects.put(object, ResultSize.json(result), latest: latest)
      return object.description
    } catch {
      logger.log(.warn, "the whole result could not be put to \(object): \(error.error)")
      return nil
    }
  }
}
