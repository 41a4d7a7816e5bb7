import FoundationEssentials

/// Keeps a phase's result far below what Step Functions takes (256 KiB for all phases together).
struct ResultSize {
  /// Bytes of a result with up to ``maximumRouters`` routers, whatever the hosts print.
  static let limit = 63_000
  /// Above this number of routers a result holds only the failed ones, and of those as many as this.
  static let maximumRouters = 100

  /// Encodes a result, shortened as far as it has to be.
  static func encode(_ result: PhaseResult, log: LogReference?) -> [UInt8] {
    whole(result) ?? shortened(result, log: log)
  }

  /// Encodes a result as it is; nil when it is too large for that.
  static func whole(_ result: PhaseResult) -> [UInt8]? {
    guard result.results.count <= maximumRouters else { return nil }
    let bytes = json(result)
    return bytes.count <= limit ? bytes : nil
  }

  /// Encodes a result that is too large: first the middle of long outputs goes, then the single checks, which
  /// the outputs hold too.
  static func shortened(_ whole: PhaseResult, log: LogReference?) -> [UInt8] {
    var result = withoutMostRouters(whole, log)
    var bytes = json(result)
    if bytes.count <= limit { return bytes }
    for trim in [dropHealthyChecks, dropChecks, cutReasons, cutPings] {
      let outputs = sizeOfOutputs(result)
      let room = limit - (bytes.count - outputs)
      if room >= result.results.count * 2 * Shortening.leastSize || outputs <= room {
        return json(shorteningOutputs(of: result, to: room))
      }
      result.results = result.results.mapValues(trim)
      bytes = json(result)
      if bytes.count <= limit { return bytes }
    }
    let outputs = sizeOfOutputs(result)
    return json(shorteningOutputs(of: result, to: max(limit - (bytes.count - outputs), 0)))
  }

  /// What goes out, with its keys in order.
  static func json(_ result: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // These types hold strings, numbers and dictionaries only, which JSON always can.
    return (try? encoder.encode(result)).map(Array.init) ?? []
  }

  private static func withoutMostRouters(_ whole: PhaseResult, _ log: LogReference?) -> PhaseResult {
    guard whole.results.count > maximumRouters else { return whole }
    var result = whole
    let kept = Set(whole.failed.prefix(maximumRouters))
    result.results = whole.results.filter { kept.contains($0.key) }
    result.omitted = whole.results.count - kept.count
    result.failed = Array(whole.failed.prefix(maximumRouters))
    result.log = log
    return result
  }

  // MARK: Details

  private static func dropHealthyChecks(_ router: RouterResult) -> RouterResult {
    var router = router
    router.details.checks = router.details.checks?.filter { $0.health != .ok }
    return router
  }

  private static func dropChecks(_ router: RouterResult) -> RouterResult {
    var router = router
    router.details.checks = nil
    router.details.numbers = nil
    router.details.furtherDiagnoses = nil
    router.details.diff = router.details.diff.map(beginning)
    router.details.foreign = router.details.foreign.map(beginning)
    return router
  }

  private static func beginning(_ lines: [String]) -> [String] {
    lines.count > 20 ? lines.prefix(20) + ["… \(lines.count - 20) more"] : lines
  }

  private static func cutReasons(_ router: RouterResult) -> RouterResult {
    var router = router
    router.details.reasons = router.details.reasons?.prefix(1).map { $0.oneLine(limit: 60) }
    router.details.diagnosis = router.details.diagnosis?.cut()
    return router
  }

  /// Of a hub with very many tunnels only the worst pings stay.
  private static func cutPings(_ router: RouterResult) -> RouterResult {
    var router = router
    guard let pings = router.details.ping, pings.count > 4 else { return router }
    let worstFirst = pings.sorted { ($0.value == .ok ? 1 : 0, $0.key) < ($1.value == .ok ? 1 : 0, $1.key) }
    router.details.ping = Dictionary(uniqueKeysWithValues: worstFirst.prefix(4).map { ($0.key, $0.value) })
    return router
  }

  // MARK: Outputs

  private static func sizeOfOutputs(_ result: PhaseResult) -> Int {
    result.results.values.reduce(0) { $0 + JSONSize.of($1.stdout) + JSONSize.of($1.stderr) }
  }

  /// Gives every output the same share; what short ones leave goes to the long ones.
  private static func shorteningOutputs(of result: PhaseResult, to room: Int) -> PhaseResult {
    let sizes = result.results.values.flatMap { [JSONSize.of($0.stdout), JSONSize.of($0.stderr)] }.sorted()
    var left = room
    var share = room
    for (index, size) in sizes.enumerated() {
      share = max(left, 0) / (sizes.count - index)
      if size > share { break }
      left -= size
    }
    var shortened = result
    shortened.results = result.results.mapValues { router in
      var router = router
      router.stdout = Shortening.cut(router.stdout, toJSONBytes: share)
      router.stderr = Shortening.cut(router.stderr, toJSONBytes: share)
      return router
    }
    return shortened
  }
}
