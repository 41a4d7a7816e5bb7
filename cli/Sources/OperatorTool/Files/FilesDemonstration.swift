import AWSClient
import Foundation
import Groundwork
import HTTPClient
import Orchestration

/// The demonstration: a file comes to EFS by request and another by way of S3; then the consumer reads.
struct FilesDemonstration: Sendable {
  /// Bytes of the object; of its content every byte is there.
  private static let objectSize = 1 << 20
  /// Between the cold and the warm reading.
  private static let pause = Duration.seconds(2)
  /// For how long logs are waited for: CloudWatch has them a while later.
  private static let patienceForLogs = Duration.seconds(20)
  /// A little longer than API Gateway is patient.
  private static let longestRequest = Duration.seconds(35)
  private static let longestLine = 400
  private static let whatIsMeantBy504 =
    "API Gateway waited for 29 s and no longer; the function goes on, and the same request is answered once it has ended"

  let system: SharedFilesSystem
  let tool: Tool
  let readers: Int

  init(_ system: SharedFilesSystem, _ tool: Tool, readers: Int) {
    (self.system, self.tool, self.readers) = (system, tool, readers)
  }

  /// - Throws: ``ToolError`` where something beside the functions is not to be had.
  func run() async throws(ToolError) -> FilesReport {
    let begun = tool.clock.wall()
    var report = FilesReport(
      name: system.name, region: tool.region.name, url: system.url, accessPoint: system.accessPoint,
      mountPath: system.mountPath, started: begun.utc.extended)
    report.requests.append(
      await ask(
        "ingest_data", "/ingest",
        ["data": "shared by two functions", "encoding": "utf-8", "filename": "demo/words.txt"]))
    try await putObject()
    report.requests.append(await ask("ingest_object", "/ingest", ["key": Self.key]))
    let cold = await predict("cold", "demo-cold")
    do { try await tool.clock.sleep(Self.pause) } catch { throw Self.interrupted }
    let warm = await predict("warm", "demo-warm")
    let parallel = await readAtOnce()
    report.requests += [cold, warm] + parallel
    (report.coldMilliseconds, report.warmMilliseconds) = (cold.milliseconds, warm.milliseconds)
    let times = parallel.map(\.milliseconds)
    report.parallel = .init(
      readers: readers, meanMilliseconds: times.reduce(0, +) / Double(max(times.count, 1)),
      maximumMilliseconds: times.max() ?? 0,
      checksums: Set(([cold, warm] + parallel).compactMap(\.checksum)).sorted())
    // What was found is told, whatever of the rest is not to be had.
    do throws(ToolError) {
      report.outputs = try await outputs()
      report.logs = try await logs(since: begun)
    } catch {
      guard error.outcome != .interrupted else { throw error }
      report.problems.append(error.message)
    }
    return report.judged()
  }

  private static let interrupted = ToolError(message: "interrupted", outcome: .interrupted)

  // MARK: Requests

  private static let key = "models/demo/bytes.bin"

  /// The same each time, so that what is there already stays.
  private func putObject() async throws(ToolError) {
    guard let object = ObjectURI(bucket: system.bucket, key: Self.key) else {
      throw .use("\(system.bucket) is no bucket's name")
    }
    let bytes = (0..<Self.objectSize).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
    try await asked { () throws(FailedCall) in try await tool.objects.put(object, bytes, latest: .never) }
  }

  private func predict(_ step: String, _ id: String) async -> FilesReport.Request {
    await ask(step, "/predict", ["fileId": id, "model": Self.key])
  }

  private func readAtOnce() async -> [FilesReport.Request] {
    await withTaskGroup(of: FilesReport.Request.self) { group in
      for number in 1...readers { group.addTask { await predict("parallel", "demo-\(number)") } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private struct Answer: Decodable {
    struct Result: Decodable { var checksum: String? }
    var fileId: String?
    var efsPath: String?
    var result: Result?
    var error: String?
    var message: String?
  }

  private func ask(_ step: String, _ path: String, _ body: [String: String]) async -> FilesReport.Request {
    let begun = tool.clock.now()
    let text = (try? JSONEncoder().encode(body)) ?? Data()
    let request = HTTPRequest(
      .post, system.url + path, headers: ["Content-Type": "application/json"], body: Array(text),
      timeout: Self.longestRequest, isRepeatable: false)
    var shown = FilesReport.Request(step: step, status: 0, milliseconds: 0)
    do {
      let response = try await tool.send(request)
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body))
      shown.status = response.status
      (shown.fileId, shown.efsPath, shown.checksum) = (
        answer?.fileId, answer?.efsPath, answer?.result?.checksum
      )
      if response.status != 200 {
        let words = [answer?.error, answer?.message, response.status == 504 ? Self.whatIsMeantBy504 : nil]
        shown.error = words.compactMap(\.self).joined(separator: ": ").oneLine(limit: Self.longestLine)
      }
    } catch {
      shown.error = "\(error)"
    }
    shown.milliseconds = ((tool.clock.now() - begun).inSeconds * 10_000).rounded() / 10
    return shown
  }

  // MARK: What is left of it

  private func outputs() async throws(ToolError) -> [FilesReport.OutputFile] {
    struct Listing: Decodable { var files: [FilesReport.OutputFile] }
    do throws(InvocationFailure) {
      let answer = try await tool.functions.invoke(
        system.consumer, event: Array(#"{"list": "outputs"}"#.utf8))
      return (try? JSONDecoder().decode(Listing.self, from: Data(answer.payload)))?.files ?? []
    } catch {
      throw .refused("\(system.consumer) could not be asked for outputs/: \(error)")
    }
  }

  /// Once each function's report of an invocation is there, or it took too long.
  private func logs(since begun: UnixTime) async throws(ToolError) -> [String: [String]] {
    let latest = tool.clock.now() + Self.patienceForLogs
    while true {
      var found: [String: [String]] = [:]
      for function in [system.producer, system.consumer] {
        found[function] = try await lines(of: function, since: begun)
      }
      let isWhole = found.values.allSatisfy {
        $0.contains { $0.contains("REPORT") || $0.contains("platform.report") }
      }
      if isWhole || tool.clock.now() >= latest { return found }
      do { try await tool.clock.sleep(Self.pause) } catch { throw Self.interrupted }
    }
  }

  private func lines(of function: String, since begun: UnixTime) async throws(ToolError) -> [String] {
    var lines: [String] = []
    do throws(FailedCall) {
      try await tool.logs.events(in: "/aws/lambda/\(function)", from: begun) { page in
        lines += page.map { $0.message.oneLine(limit: Self.longestLine) }
        return true
      }
    } catch {
      if error.error.code != "ResourceNotFoundException" { throw ToolError(error) }
    }
    return lines
  }
}
