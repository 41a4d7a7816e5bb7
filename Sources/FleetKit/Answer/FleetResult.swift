import Groundwork

/// What a fleet's function answers when its work is done.
struct FleetResult<Details: TargetDetails>: Encodable, Sendable {
  let title: FunctionTitle
  var results: [String: TargetResult<Details>]
  var successCount: Int
  var failCount: Int
  /// The targets that are not all right, in order.
  var failed: [String]
  /// In words, at most ``maximumSummary`` bytes in JSON.
  var summary: String
  /// Targets whose result is left out of `results` because there are so many; only then.
  var omitted: Int?
  /// Where the work was done in short actions: always true here.
  var isDone: Bool?
  /// Ids of what the work has started in other services; nil for none.
  var refs: [String]?
  /// Where the whole result lies in S3; only where it does not fit here and there is a bucket for it.
  var resultsURI: String?
  /// Where the whole outputs are; only where `results` does not hold all.
  var log: LogReference?

  static var maximumSummary: Int { 2000 }

  init(
    _ title: FunctionTitle, _ results: [String: TargetResult<Details>], remark: String,
    _ vocabulary: Vocabulary
  ) {
    self.title = title
    self.results = results
    failed = results.filter { $0.value.status != .success }.keys.sorted()
    failCount = failed.count
    successCount = results.count - failed.count
    summary = Self.summary(
      "\(successCount) of \(results.count) \(vocabulary.items) succeeded\(remark)", failed, results,
      vocabulary)
  }

  /// Counts items in place of targets: where all targets do not succeed, no item does.
  mutating func stand(for items: [String]) {
    failed = failCount > 0 ? items.sorted() : []
    failCount = failed.count
    successCount = items.count - failCount
  }

  /// Begins with the first cause where causes are known: what has a cause of its own stands before what another
  /// target makes fail.
  private static func summary(
    _ counts: String, _ failed: [String], _ results: [String: TargetResult<Details>],
    _ vocabulary: Vocabulary
  ) -> String {
    let isCause = { (name: String) in results[name]?.details.hasOwnCause ?? false }
    var sentences = (failed.filter(isCause) + failed.filter { !isCause($0) }).map { name in
      let cause = results[name]?.details.cause.map { "\($0): " } ?? ""
      return "\(name): \(cause)\(results[name]?.sentence(mark: vocabulary.mark) ?? "")"
    }
    let isDiagnosed = failed.contains { results[$0]?.details.cause != nil }
    sentences.insert(counts, at: isDiagnosed ? 1 : 0)
    return sentences.joined(separator: "; ").oneLine(limit: maximumSummary)
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    try fields.encode(title.name, forKey: Word(title.key))
    try fields.encode(results, forKey: "results")
    try fields.encode(successCount, forKey: "success_count")
    try fields.encode(failCount, forKey: "fail_count")
    try fields.encode(failed, forKey: "failed")
    try fields.encode(summary, forKey: "summary")
    try fields.encodeIfPresent(omitted, forKey: "omitted_count")
    try fields.encodeIfPresent(isDone, forKey: "done")
    try fields.encodeIfPresent(refs, forKey: "refs")
    try fields.encodeIfPresent(resultsURI, forKey: "results_uri")
    try fields.encodeIfPresent(log, forKey: "log")
  }
}

/// Which function an answer is of.
struct FunctionTitle: Sendable {
  /// What a function of the deployment is called, e.g. `phase`.
  var key: String
  /// Its name, e.g. `phase2`.
  var name: String
}

/// The log stream of an invocation.
struct LogReference: Encodable, Sendable {
  var group: String
  var stream: String

  enum CodingKeys: String, CodingKey {
    case group = "log_group"
    case stream = "log_stream"
  }
}
