import JSON

/// What events a rule takes: every field that it names has to have one of the values.
public struct EventPattern: Sendable, Equatable {
  /// As EventBridge takes it, at most 4,096 characters.
  public let text: String

  /// A pattern in EventBridge's own words, JSON.
  public init(_ text: String) { self.text = text }

  /// Events of a source.
  /// - Parameters:
  ///   - source: e.g. `eks-upgrade-agent`.
  ///   - types: the types of event; empty for all.
  ///   - detail: fields of the detail, and the values that are taken.
  public init(source: String, types: [String] = [], detail: [String: [String]] = [:]) {
    struct Pattern: Encodable {
      var source: [String], types: [String]?, detail: [String: [String]]?
      enum CodingKeys: String, CodingKey {
        case source, detail
        case types = "detail-type"
      }
    }
    let pattern = Pattern(
      source: [source], types: types.isEmpty ? nil : types, detail: detail.isEmpty ? nil : detail)
    // Texts and lists of texts can be encoded, whatever they hold.
    text = (try? JSONWriter().text(pattern)) ?? "{}"
  }

  /// Everything that the cluster upgrades of this account tell: for a log, a queue, a dashboard.
  public static func monitoring(source: String = "eks-upgrade-agent") -> EventPattern {
    EventPattern(source: source)
  }

  /// Failures and what was rolled back: for people. A notification and nothing else: the state machine alone owns the
  /// rollback, and a rule that began a second one would fight it.
  public static func rollbackNotification(source: String = "eks-upgrade-agent") -> EventPattern {
    EventPattern(
      source: source,
      types: [
        "upgrade.failed", "phase.failed", "validation.failure", "rollback.triggered", "rollback.completed",
      ])
  }

  /// How executions of a state machine end that did not succeed.
  public static func failedExecutions(of machine: String) -> EventPattern {
    EventPattern(
      source: "aws.states", types: ["Step Functions Execution Status Change"],
      detail: ["stateMachineArn": [machine], "status": ["FAILED", "TIMED_OUT", "ABORTED"]])
  }
}
