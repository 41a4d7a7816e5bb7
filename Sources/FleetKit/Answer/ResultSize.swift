import Groundwork
import JSON

/// Keeps a result far below what Step Functions takes (256 KiB for all that an execution carries).
struct ResultSize {
  /// Bytes of a result, whatever the hosts print; of one that names all that failed, the names aside.
  static let limit = 63_000
  /// Bytes of a result that names all that failed.
  static let limitWithNames = 250_000
  /// Above this number of targets a result holds only the failed ones, and of those as many as this.
  static let maximumTargets = 100

  /// Whoever goes on with a step's answer has to know all that failed; an answer of one invocation is carried on as a whole.
  private static func limit(of result: FleetResult<some TargetDetails>) -> Int {
    guard result.isDone != nil else { return limit }
    return min(limit + json(result.failed).count, limitWithNames)
  }

  /// Encodes a result, shortened as far as it has to be.
  static func encode<Details>(_ result: FleetResult<Details>, log: LogReference?) -> [UInt8] {
    whole(result) ?? shortened(result, log: log)
  }

  /// Encodes a result as it is; nil when it is too large for that.
  static func whole(_ result: FleetResult<some TargetDetails>) -> [UInt8]? {
    guard result.results.count <= maximumTargets else { return nil }
    let bytes = json(result)
    return bytes.count <= limit(of: result) ? bytes : nil
  }

  /// Encodes a result that is too large: first the middle of long outputs goes, then what the details
  /// can do without.
  static func shortened<Details>(_ whole: FleetResult<Details>, log: LogReference?) -> [UInt8] {
    var result = withoutMostTargets(whole, log)
    let limit = limit(of: result)
    while true {
      let bytes = fitted(result, limit)
      if bytes.count <= limit { return bytes }
      if result.results.isEmpty {
        // Names alone that are too long for any answer.
        guard !result.failed.isEmpty else { return bytes }
        result.failed.removeLast((result.failed.count + 1) / 2)
      } else {
        result = withoutMostTargets(result, log, keeping: result.results.count / 2)
      }
    }
  }

  private static func fitted<Details>(_ whole: FleetResult<Details>, _ limit: Int) -> [UInt8] {
    var result = whole
    var bytes = json(result)
    if bytes.count <= limit { return bytes }
    for trim in Details.shortenings {
      let outputs = sizeOfOutputs(result)
      let room = limit - (bytes.count - outputs)
      if room >= result.results.count * 2 * Shortening.leastSize || outputs <= room {
        return json(shorteningOutputs(of: result, to: room))
      }
      for name in result.results.keys { trim(&result.results[name, default: .failed("")].details) }
      bytes = json(result)
      if bytes.count <= limit { return bytes }
    }
    let outputs = sizeOfOutputs(result)
    return json(shorteningOutputs(of: result, to: max(limit - (bytes.count - outputs), 0)))
  }

  /// What goes out, with its keys in order.
  static func json(_ result: some Encodable, _ vocabulary: Vocabulary = Vocabulary()) -> [UInt8] {
    var writer = JSONWriter()
    writer.userInfo = .init(vocabulary)
    // These types hold strings, numbers and dictionaries only, which JSON always can.
    return (try? writer.write(result)) ?? []
  }

  /// - Parameter most: of those that failed, the first ones.
  private static func withoutMostTargets<Details>(
    _ whole: FleetResult<Details>, _ log: LogReference?, keeping most: Int = maximumTargets
  ) -> FleetResult<Details> {
    guard whole.results.count > most else { return whole }
    var result = whole
    let kept = Set(whole.failed.prefix(most))
    result.results = whole.results.filter { kept.contains($0.key) }
    result.omitted = (whole.omitted ?? 0) + whole.results.count - result.results.count
    if whole.isDone == nil { result.failed = Array(whole.failed.prefix(maximumTargets)) }
    result.log = log
    return result
  }

  // MARK: Outputs

  private static func sizeOfOutputs(_ result: FleetResult<some TargetDetails>) -> Int {
    result.results.values.reduce(0) { $0 + JSONSize.of($1.stdout) + JSONSize.of($1.stderr) }
  }

  /// Gives every output the same share; what short ones leave goes to the long ones.
  private static func shorteningOutputs<Details>(
    of result: FleetResult<Details>, to room: Int
  ) -> FleetResult<Details> {
    let sizes = result.results.values.flatMap { [JSONSize.of($0.stdout), JSONSize.of($0.stderr)] }.sorted()
    var left = room
    var share = room
    for (index, size) in sizes.enumerated() {
      share = max(left, 0) / (sizes.count - index)
      if size > share { break }
      left -= size
    }
    var shortened = result
    shortened.results = result.results.mapValues { target in
      var target = target
      target.stdout = Shortening.cut(target.stdout, toJSONBytes: share)
      target.stderr = Shortening.cut(target.stderr, toJSONBytes: share)
      return target
    }
    return shortened
  }
}
