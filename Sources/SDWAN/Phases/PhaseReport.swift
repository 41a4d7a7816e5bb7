import SSMKit

/// Turns the routers' results into an invocation's answer, and leaves metrics, a log line and, where the answer
/// can't hold them, the whole results in S3 behind.
struct PhaseReport: Sendable {
  let settings: PhaseSettings
  let input: PhaseInput
  let objects: ObjectStore
  let requestID: String
  let latest: Double?
  let clock: Clock
  /// Monotonic time at which the invocation began.
  let begun: Double
  let log: PhaseHandler.Log
  let measure: @Sendable ([UInt8]) -> Void

  /// - Parameter retries: attempts beyond the first that the invocation's calls have made.
  /// - Throws: ``PhaseError`` (`Phase.RoutersFailed`) where the event wants an error for a failed router.
  func answer(
    _ results: [String: RouterResult], retries: Int
  ) async throws(PhaseError) -> [UInt8] {
    var result = PhaseResult(phase: settings.phase, results: results)
    if input.action != .run { result.isDone = true }
    log(result.failCount > 0, "\(input.work(of: settings.phase)): \(result.summary)", [])
    measure(ResultSize.json(metrics(result, retries)))
    let whole = ResultSize.whole(result)
    if whole == nil { result.resultsURI = await stored(result) }
    if input.failsOnRouters, result.failCount > 0 {
      throw PhaseError(
        type: "Phase.RoutersFailed", message: "\(input.work(of: settings.phase)): \(result.summary)")
    }
    return whole ?? ResultSize.shortened(result, log: settings.log)
  }

  private func metrics(_ result: PhaseResult, _ retries: Int) -> Metrics {
    Metrics(
      work: input.work(of: settings.phase), timestamp: Int(clock.wall() * 1000),
      duration: ((clock.monotonic() - begun) * 1000).rounded(), succeeded: result.successCount,
      failed: result.failCount, retries: retries)
  }

  /// Puts the whole result into S3, where there is a place for it.
  /// - Returns: where it lies; nil when it does not, which is no reason to fail.
  private func stored(_ result: PhaseResult) async -> String? {
    let run = input.run.map { CommandMark.execution($0.execution) } ?? requestID
    let name = [input.run?.wave ?? "", input.work(of: settings.phase)].filter { !$0.isEmpty }.joined(
      separator: "-")
    guard let object = settings.results?.appending("\(run)/\(name)-\(requestID).json") else { return nil }
    do {
      try await objects.put(object, ResultSize.json(result), latest: latest)
      return object.description
    } catch {
      log(true, "the whole result could not be put to \(object): \(error.error)", [])
      return nil
    }
  }
}
