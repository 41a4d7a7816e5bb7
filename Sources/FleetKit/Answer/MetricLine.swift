import Groundwork

/// A line in the embedded metric format, which Lambda's log turns into metrics (specification: "CloudWatch embedded
/// metric format"; 100 metrics a line at most).
struct MetricLine: Encodable {
  var namespace: String
  var time: UnixTime
  /// With their values; all of them together tell metrics of a name apart.
  var dimensions: [(name: String, value: String)]
  var metrics: [Measurement.Metric]

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Word.self)
    let directive = Metadata.Directive(
      Namespace: namespace, Dimensions: [dimensions.map(\.name)],
      Metrics: metrics.map { .init(Name: $0.name, Unit: $0.unit.rawValue) })
    try fields.encode(
      Metadata(Timestamp: Int(time.seconds * 1000), CloudWatchMetrics: [directive]), forKey: "_aws")
    for dimension in dimensions { try fields.encode(dimension.value, forKey: Word(dimension.name)) }
    for metric in metrics { try fields.encode(metric.value, forKey: Word(metric.name)) }
  }

  /// Which of the members are metrics, in the format's own names.
  private struct Metadata: Encodable {
    struct Directive: Encodable {
      struct Metric: Encodable {
        var Name: String
        var Unit: String
      }

      var Namespace: String
      var Dimensions: [[String]]
      var Metrics: [Metric]
    }

    var Timestamp: Int
    var CloudWatchMetrics: [Directive]
  }
}
