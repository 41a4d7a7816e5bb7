/// What an invocation leaves for CloudWatch: one line in the embedded metric format, which Lambda's log turns
/// into metrics (specification: "CloudWatch embedded metric format").
struct Metrics: Encodable {
  /// The phase's name, or `command` for a wave's command.
  var work: String
  /// Milliseconds.
  var duration: Double
  var succeeded: Int
  var failed: Int
  /// Attempts beyond the first of all calls.
  var retries: Int
  private let metadata: Metadata

  /// - Parameter timestamp: milliseconds since 1970.
  init(work: String, timestamp: Int, duration: Double, succeeded: Int, failed: Int, retries: Int) {
    self.work = work
    self.duration = duration
    self.succeeded = succeeded
    self.failed = failed
    self.retries = retries
    metadata = Metadata(Timestamp: timestamp)
  }

  private enum CodingKeys: String, CodingKey {
    case metadata = "_aws"
    case work = "Phase"
    case duration = "Duration"
    case succeeded = "RoutersSucceeded"
    case failed = "RoutersFailed"
    case retries = "Retries"
  }

  /// Which of the members are metrics, in the format's own names.
  private struct Metadata: Encodable {
    struct Directive: Encodable {
      struct Metric: Encodable {
        var Name: String
        var Unit: String
      }

      let Namespace = "SDWAN"
      let Dimensions = [["Phase"]]
      let Metrics = [
        Metric(Name: "Duration", Unit: "Milliseconds"), Metric(Name: "RoutersSucceeded", Unit: "Count"),
        Metric(Name: "RoutersFailed", Unit: "Count"), Metric(Name: "Retries", Unit: "Count"),
      ]
    }

    var Timestamp: Int
    let CloudWatchMetrics = [Directive()]
  }
}
