import Foundation

/// What Lambda writes into a function's log at the end of an invocation, in either of its two forms
/// (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html): a line `REPORT …`, or JSON with the type
/// `platform.report`.
struct BilledInvocation: Sendable, Equatable {
  var milliseconds: Double
  /// What the function has.
  var memory: Int
  /// The most that it took, in MB.
  var used: Int

  /// Each finds one of the forms, and little else.
  static let patterns = [#""REPORT RequestId""#, #""platform.report""#]

  private struct Report: Decodable {
    struct Record: Decodable { var metrics: Metrics }
    struct Metrics: Decodable {
      var billedDurationMs: Double
      var memorySizeMB: Int
      var maxMemoryUsedMB: Int?
    }

    var type: String
    var record: Record
  }

  /// nil for any other line.
  init?(_ line: String) {
    if line.hasPrefix("REPORT "), let milliseconds = Self.number("Billed Duration: ", in: line),
      let memory = Self.number("Memory Size: ", in: line)
    {
      self.milliseconds = milliseconds
      self.memory = Int(memory)
      used = Self.number("Max Memory Used: ", in: line).map { Int($0) } ?? 0
      return
    }
    guard line.hasPrefix("{"), let report = JSONText.read(Report.self, Array(line.utf8)),
      report.type == "platform.report"
    else { return nil }
    milliseconds = report.record.metrics.billedDurationMs
    memory = report.record.metrics.memorySizeMB
    used = report.record.metrics.maxMemoryUsedMB ?? 0
  }

  private static func number(_ label: String, in line: String) -> Double? {
    line.range(of: label).flatMap { range in
      Double(line[range.upperBound...].prefix { $0.isNumber || $0 == "." })
    }
  }

  var gigabyteSeconds: Double { milliseconds / 1000 * Double(memory) / 1024 }
}
