import Groundwork

/// Why a router is not healthy: the cause, and what of all that is wrong is only its consequence.
public struct Diagnosis: Sendable, Equatable, Codable {
  /// What is wrong.
  public var cause: Cause
  /// How sure that is.
  public var confidence: Confidence
  /// The router that has the cause, where it is another one than the router that this is about.
  public var at: String?
  /// What was seen, the most telling first: at most ``mostEvidence`` lines of at most ``longestEvidence`` bytes.
  public var evidence: [String]
  /// What to do; nil only in a result that had to be cut.
  public var hint: String?
  /// The names of the checks that fail because of it, beside the one that shows it.
  public var folds: [String]

  static let mostEvidence = 5
  static let longestEvidence = 200

  init(_ cause: Cause, _ confidence: Confidence, at: String? = nil, evidence: [String], folds: [String]) {
    self.cause = cause
    self.confidence = confidence
    self.at = at
    self.evidence = Self.shortened(evidence)
    hint = cause.hint
    self.folds = folds
  }

  /// In one line: the cause, and where it is when it is elsewhere.
  public var title: String { at.map { "\(cause.rawValue) at \($0)" } ?? cause.rawValue }

  /// The same cause with what another tunnel shows of it.
  func joined(with other: Diagnosis) -> Diagnosis {
    var joined = self
    joined.confidence = max(confidence, other.confidence)
    joined.evidence = Self.shortened(evidence + other.evidence)
    joined.folds += other.folds.filter { !folds.contains($0) }
    return joined
  }

  /// As little as still says what is wrong.
  func cut() -> Diagnosis {
    var short = self
    short.evidence = evidence.prefix(1).map { $0.oneLine(limit: 60) }
    short.folds = []
    short.hint = nil
    return short
  }

  private static func shortened(_ lines: [String]) -> [String] {
    var kept: [String] = []
    for line in lines.lazy.map({ $0.oneLine(limit: longestEvidence) }) where !kept.contains(line) {
      if kept.count == mostEvidence { break }
      kept.append(line)
    }
    return kept
  }
}
