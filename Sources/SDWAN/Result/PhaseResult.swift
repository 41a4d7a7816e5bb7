import SSMKit

/// What a phase returns: the JSON that Step Functions keeps as `$.phaseN_result`.
struct PhaseResult: Encodable, Sendable {
  var phase: Phase
  var results: [String: RouterResult]
  var successCount: Int
  var failCount: Int
  /// The routers that are not all right, in order.
  var failed: [String]
  /// In words, at most ``maximumSummary`` bytes in JSON.
  var summary: String
  /// Routers whose result is left out of `results` because there are so many; only then.
  var omitted: Int?
  /// Where the phase was done in short actions: always true here.
  var isDone: Bool?
  /// Where the whole result lies in S3; only where it does not fit here and there is a bucket for it.
  var resultsURI: String?
  /// Where the whole outputs are; only where `results` does not hold all.
  var log: LogReference?

  static let maximumSummary = 2000

  enum CodingKeys: String, CodingKey {
    case phase, results, failed, summary, log
    case successCount = "success_count"
    case failCount = "fail_count"
    case omitted = "omitted_count"
    case isDone = "done"
    case resultsURI = "results_uri"
  }

  init(phase: Phase, results: [String: RouterResult]) {
    self.phase = phase
    self.results = results
    failed = results.filter { $0.value.status != .success }.keys.sorted()
    failCount = failed.count
    successCount = results.count - failed.count
    let counts = "\(successCount) of \(results.count) routers succeeded" + PlanSummary(results).text
    summary = Self.summary(counts, failed, results)
  }

  /// Begins with the first cause where causes are known: what has a cause of its own stands before what another
  /// router makes fail.
  private static func summary(_ counts: String, _ failed: [String], _ results: [String: RouterResult])
    -> String
  {
    let isCause = { (name: String) in results[name]?.details.diagnosis.map { $0.at == nil } ?? false }
    var sentences = (failed.filter(isCause) + failed.filter { !isCause($0) }).map { name in
      let title = results[name]?.details.diagnosis.map { "\($0.title): " } ?? ""
      return "\(name): \(title)\(results[name]?.sentence ?? "")"
    }
    let isDiagnosed = failed.contains { results[$0]?.details.diagnosis != nil }
    sentences.insert(counts, at: isDiagnosed ? 1 : 0)
    return sentences.joined(separator: "; ").oneLine(limit: maximumSummary)
  }
}

/// The log stream of the invocation.
struct LogReference: Encodable, Sendable {
  var group: String
  var stream: String

  enum CodingKeys: String, CodingKey {
    case group = "log_group"
    case stream = "log_stream"
  }
}

/// What a phase did to, or found out about, one router.
struct RouterResult: Encodable, Sendable {
  var status: CommandResult.Status
  var commandID: String
  var instanceID: String
  var stdout: String
  var stderr: String
  var details: Details

  enum CodingKeys: String, CodingKey {
    case status, stdout, stderr, details
    case commandID = "command_id"
    case instanceID = "instance_id"
  }

  init(_ result: CommandResult, details: Details = Details()) {
    status = result.status
    commandID = result.commandID
    instanceID = result.instanceID
    stdout = result.stdout
    stderr = result.stderr
    self.details = details
  }

  /// A router for which nothing was sent.
  static func failed(_ reason: String, instanceID: InstanceID? = nil, details: Details = Details())
    -> RouterResult
  {
    RouterResult(CommandResult(.failed, instanceID: instanceID?.text ?? "", stderr: reason), details: details)
  }

  /// A router for which nothing was changed: the script is its output.
  static func planned(_ script: String, _ changes: PlannedChanges, _ config: InstanceConfig) -> RouterResult {
    var details = Details()
    details.diff = changes.lines
    details.foreign = changes.foreign.isEmpty ? nil : changes.foreign
    details.container = changes.container
    return RouterResult(
      CommandResult(.success, instanceID: config.instanceID.text, stdout: script), details: details)
  }

  /// Why it failed, in one line.
  var sentence: String {
    if let reasons = details.reasons, !reasons.isEmpty {
      return reasons.joined(separator: ", ").oneLine(limit: 300)
    }
    let lines = stderr.filledLines
    guard let last = lines.lastIndex(where: { $0.hasPrefix(Self.ownMark) }) else {
      return stderr.oneLine(limit: 300)
    }
    let own = lines.filter { $0.hasPrefix(Self.ownMark) }.map { $0.dropFirst(Self.ownMark.count) }
    // What a program said right before the script gave up is the reason behind the reason.
    let before = last > 0 && !lines[last - 1].hasPrefix(Self.ownMark) ? " (\(lines[last - 1]))" : ""
    return "\(own.joined(separator: "; "))\(before)".oneLine(limit: 300)
  }

  /// What the scripts' own lines begin with.
  private static let ownMark = "sdwan: "
}

/// What is worth knowing beside the output; phase 3 fills the most.
struct Details: Encodable, Sendable {
  var ipsec: Check.Health?
  var bgp: Check.Health?
  var interfaces: Check.Health?
  var ping: [String: Check.Health]?
  /// Why the router is not healthy, in words.
  var reasons: [String]?
  /// What is worth knowing although it is well: how it was known, or what else was seen. Only where there is something.
  var notes: [String]?
  var checks: [Check]?
  /// Phase 3: why the router is not healthy, the most basic cause; and the others, at most ``mostDiagnoses``.
  var diagnosis: Diagnosis?
  var furtherDiagnoses: [Diagnosis]?
  /// What the router counted and measured. Only where there is something.
  var numbers: Numbers?
  /// When the router was asked, in UTC.
  var checkedAt: String?
  /// Phases 1 and 2: `committed` or `unchanged`.
  var configuration: String?
  /// Plan: what would change.
  var diff: [String]?
  /// Plan of phase 2: somebody else's settings beside ours, which stay. Only where there are some.
  var foreign: [String]?
  /// Plan of phase 1: what would be done to the router itself.
  var container: PlannedChanges.Container?

  enum CodingKeys: String, CodingKey {
    case ipsec, bgp, interfaces, ping, reasons, notes, checks, diagnosis, numbers, configuration, diff,
      foreign
    case container
    case furtherDiagnoses = "further_diagnoses"
    case checkedAt = "checked_at"
  }

  static let mostDiagnoses = 10

  init() {}

  init(_ verdict: Verdict, checkedAt: String?) {
    ipsec = verdict.health(of: .ipsec)
    bgp = verdict.health(of: .bgp)
    interfaces = verdict.health(of: .interfaces)
    ping = verdict.pings
    reasons = verdict.reasons
    notes = verdict.notes.isEmpty ? nil : verdict.notes
    checks = verdict.checks
    numbers = verdict.numbers.isEmpty ? nil : verdict.numbers
    self.checkedAt = checkedAt
  }
}
