import Groundwork

/// What an invocation leaves for CloudWatch: a line about itself, and one for each thing that its work has measured.
struct Metrics {
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

  /// About the invocation.
  var line: MetricLine {
    let items = Vocabulary.capitalized(vocabulary.items)
    return line(
      Measurement(
        .init(Vocabulary.capitalized(vocabulary.function), work),
        [
          .init("Duration", .milliseconds, Double(duration.inMilliseconds)),
          .init("\(items)Succeeded", .count, Double(succeeded)),
          .init("\(items)Failed", .count, Double(failed)), .init("Retries", .count, Double(retries)),
        ]))
  }

  /// About something that the work has measured.
  func line(_ measurement: Measurement) -> MetricLine {
    let subject = measurement.subject.map { [(name: $0.kind, value: $0.name)] } ?? []
    return MetricLine(
      namespace: vocabulary.namespace, time: time,
      dimensions: (deployment.map { [(name: Self.name, value: $0.text)] } ?? []) + subject,
      metrics: measurement.metrics)
  }
}
