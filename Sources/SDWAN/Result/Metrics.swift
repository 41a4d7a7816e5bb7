/// What an invocation leaves for CloudWatch: one line in the embedded metric format, which Lambda's log turns
/// into metrics (specification: "CloudWatch embedded metric format").
struct Metrics: Encodable {
  var phase: Phase
  /// Milliseconds since 1970.
  var timestamp: Int
  /// Milliseconds.
  var duration: Double
  var succeeded: Int
  var failed: Int
  /// Attempts beyond the first of all calls.
  var retries: Int

  private static let units = [
    ("Duration", "Milliseconds"), ("RoutersSucceeded", "Count"), ("RoutersFailed", "Count"),
    ("Retries", "Count"),
  ]

  private struct Metadata: Encodable {
    struct Directive: Encodable {
      struct Metric: Encodable {
        var Name: String
        var Unit: String
      }

      let Namespace = "SDWAN"
      let Dimensions = [["Phase"]]
      let Metrics = units.map { Metric(Name: $0.0, Unit: $0.1) }
    }

    var Timestamp: Int
    let CloudWatchMetrics = [Directive()]
  }

  private enum CodingKeys: String, CodingKey {
    case metadata = "_aws"
    case phase = "Phase"
    case duration = "Duration"
    case succeeded = "RoutersSucceeded"
    case failed = "RoutersFailed"
    case retries = "Retries"
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(Metadata(Timestamp: timestamp), forKey: .metadata)
    try fields.encode(phase, forKey: .phase)
    try fields.encode(duration, forKey: .duration)
    try fields.encode(succeeded, forKey: .succeeded)
    try fields.encode(failed, forKey: .failed)
    try fields.encode(retries, forKey: .retries)
  }
}
