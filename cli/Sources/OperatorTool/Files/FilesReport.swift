import Foundation

/// What a demonstration has shown: docs/schema/files/demo.json.
struct FilesReport: Encodable, Sendable {
  /// One request and its answer.
  struct Request: Encodable, Sendable {
    /// `ingest_data`, `ingest_object`, `cold`, `warm` or `parallel`.
    var step: String
    /// HTTP's; 0 where there was no answer.
    var status: Int
    /// From the request to the whole answer.
    var milliseconds: Double
    var efsPath: String?
    var fileId: String?
    var checksum: String?
    /// What was said instead of 200.
    var error: String?
  }

  /// How the parallel readers fared.
  struct Parallel: Encodable, Sendable {
    var readers: Int
    var meanMilliseconds: Double
    var maximumMilliseconds: Double
    /// One, where all have read the same.
    var checksums: [String]
  }

  struct OutputFile: Codable, Sendable {
    var name: String
    var sizeBytes: Int
  }

  var name: String
  var region: String
  var url: String
  var accessPoint: String
  var mountPath: String
  var started: String
  var requests: [Request] = []
  var coldMilliseconds = 0.0
  var warmMilliseconds = 0.0
  var parallel = Parallel(readers: 0, meanMilliseconds: 0, maximumMilliseconds: 0, checksums: [])
  /// What lies in outputs/ then.
  var outputs: [OutputFile] = []
  /// By function, since the beginning.
  var logs: [String: [String]] = [:]
  /// What could not be had of the two.
  var problems: [String] = []

  /// Whether every request was answered with 200, all readers have read the same, and nothing could not be had.
  private(set) var isWell = false

  /// The same with its verdict.
  func judged() -> FilesReport {
    var report = self
    report.isWell =
      requests.allSatisfy { $0.status == 200 } && parallel.checksums.count == 1 && problems.isEmpty
    return report
  }

  /// For people.
  func lines(on screen: Screen) -> [String] {
    var lines: [String] = []
    if !screen.isQuiet {
      var table = Table("STEP", "STATUS", "MS", "FILE")
      for request in requests {
        table.add(
          .init(request.step), .init("\(request.status)", request.status == 200 ? .good : .bad),
          .init(Self.text(request.milliseconds), isRight: true),
          .init(request.efsPath ?? ""))
      }
      lines += table.lines(on: screen) + [""]
      let errors = requests.compactMap { request in request.error.map { "\(request.step): \($0)" } }
      for error in Set(errors).sorted() { lines += screen.wrapped(error, indent: 2) }
      lines.append(
        "cold \(Self.text(coldMilliseconds)) ms, warm \(Self.text(warmMilliseconds)) ms; \(parallel.readers) at once: mean \(Self.text(parallel.meanMilliseconds)) ms, maximum \(Self.text(parallel.maximumMilliseconds)) ms"
      )
      lines.append("access point \(accessPoint) at \(mountPath)")
      lines += ["\(mountPath)/outputs:"] + outputs.map { "  \($0.name)  \($0.sizeBytes) bytes" }
      for (function, entries) in logs.sorted(by: { $0.key < $1.key }) {
        lines += ["log of \(function):"] + entries.map { "  \($0)" }
      }
    }
    for problem in problems { lines += screen.wrapped(problem, indent: 2) }
    let failed = requests.count { $0.status != 200 }
    return lines + [
      isWell
        ? "\(requests.count) of \(requests.count) requests were answered with 200, and all readers have read the same."
        : "\(failed) of \(requests.count) requests were not answered with 200; the readers saw \(parallel.checksums.count) contents."
    ]
  }

  private static func text(_ milliseconds: Double) -> String { String(format: "%.1f", milliseconds) }
}
