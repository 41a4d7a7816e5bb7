import Groundwork

/// What an invocation leaves for CloudWatch: one line in the embedded metric format, which Lambda's log turns
/// into metrics (specification: "CloudWatch embedded metric format").
struct Metrics: Encodable {
  /// The dimension that tells deployments apart.
  private static let name = "Name"

  let vocabulary: Vocabulary
  /// Whose metrics these are; nil of a deployment that nobody has named.
  let deployment: DeploymentName?
  /// The function's name, or `command` for an operator's document.
  var work: String
  /// When it was done.
  var time: UnixTime
  var duration: Duration
  var succeeded: Int
  var failed: Int
  /// Attempts beyond the first of all calls.
  var retries: Int

  func encode(to encoder: any Encoder) throws {
    let items = Vocabulary.capitalized(vocabulary.items)
    let dimension = Vocabulary.capitalized(vocabulary.function)
    var fields = encoder.container(keyedBy: Word.self)
    let metrics = [
      ("Duration", "Milliseconds", duration.inMilliseconds), ("\(items)Succeeded", "Count", succeeded),
      ("\(items)Failed", "Count", failed), ("Retries", "Count", retries),
    ]
    let directive = Metadata.Directive(
      Namespace: vocabulary.namespace,
      Dimensions: [deployment == nil ? [dimension] : [Self.name, dimension]],
      Metrics: metrics.map { .init(Name: $0.0, Unit: $0.1) })
    try fields.encode(
      Metadata(Timestamp: Int(time.seconds * 1000), CloudWatchMetrics: [directive]), forKey: "_aws")
    try fields.encodeIfPresent(deployment?.text, forKey: Word(Self.name))
    try fields.encode(work, forKey: Word(dimension))
    for (name, _, value) in metrics { try fields.encode(value, forKey: Word(name)) }
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
