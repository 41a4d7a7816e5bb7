import Foundation
import Synchronization
import Testing

@testable import Groundwork

@Suite struct LoggerTests {
  private final class Lines: Sendable {
    let text = Mutex("")
  }

  private func log(
    _ environment: [String: String], _ write: (Logger) -> Void
  ) -> [Substring] {
    let lines = Lines()
    let logger = Logger(environment: { environment[$0] }, clock: { UnixTime(seconds: 1_769_860_800.5) }) {
      line in
      lines.text.withLock { $0 += String(decoding: line, as: UTF8.self) }
    }
    write(logger.forRequest("id-1"))
    return lines.text.withLock { $0.split(separator: "\n") }
  }

  @Test(arguments: [[:], ["AWS_LAMBDA_LOG_FORMAT": "Text"]])
  func text(environment: [String: String]) {
    let lines = log(environment) { $0.log(.warn, "two\nlines", [("router", "a\r\nb")]) }
    #expect(lines == ["2026-01-31T12:00:00.500Z WARN RequestId: id-1 two lines router=a  b"])
  }

  @Test func json() throws {
    let lines = log(["AWS_LAMBDA_LOG_FORMAT": "JSON"]) {
      $0.log(.error, "two\nlines", [("stdout", "\u{1B}[0m\u{2028}")])
    }
    #expect(lines.count == 1)
    let line = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: String])
    #expect(
      line == [
        "timestamp": "2026-01-31T12:00:00.500Z", "level": "ERROR", "requestId": "id-1",
        "message": "two\nlines",
        "stdout": "\u{1B}[0m\u{2028}",
      ])
  }

  /// Metrics are a line of JSON in any format and at any level; they carry what every line carries where that is
  /// JSON too.
  @Test func metrics() throws {
    let metrics = #"{"_aws":{},"Duration":1}"#
    #expect(log([:]) { $0.measure(Array(metrics.utf8)) } == [metrics[...]])
    let lines = log(["AWS_LAMBDA_LOG_FORMAT": "JSON"]) { $0.measure(Array(metrics.utf8)) }
    let line = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(line["level"] as? String == "INFO" && line["requestId"] as? String == "id-1")
    #expect(line["Duration"] as? Int == 1 && line["_aws"] != nil && line.count == 6)
    for level in ["WARN", "ERROR", "FATAL"] {
      #expect(log(["AWS_LAMBDA_LOG_LEVEL": level]) { $0.measure(Array(metrics.utf8)) } == [metrics[...]])
    }
  }

  @Test(arguments: [("", 4), ("DEBUG", 5), ("trace", 6), ("ERROR", 2), ("FATAL", 1), ("nonsense", 4)])
  func threshold(level: String, count: Int) {
    let lines = log(["AWS_LAMBDA_LOG_LEVEL": level]) { logger in
      for level in LogLevel.allCases { logger.log(level, "x") }
    }
    #expect(lines.count == count)
  }
}
