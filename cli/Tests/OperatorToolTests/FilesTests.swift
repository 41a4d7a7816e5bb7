import Foundation
import Groundwork
import HTTPClient
import Testing

@testable import OperatorTool

/// `sdwan files demo`: what it reports, and how it ends.
@Suite struct FilesTests {
  private let api = "https://api1.execute-api.us-east-1.amazonaws.com/prod"

  @Test func allIsWell() async throws {
    let files = FakeSharedFiles()
    #expect(try await files.run() == .asWanted)
    #expect(
      files.printed.contains("14 of 14 requests were answered with 200, and all readers have read the same."))
    for words in ["access point arn:point at /mnt/efs", "f.result  7 bytes", "log of shared-files-consumer:"]
    {
      #expect(files.printed.contains(words), "\(files.printed)")
    }
    #expect(files.asked.filter { $0 == "POST \(api)/predict" }.count == 12)
    #expect(files.clock.sleeps == [.seconds(2)])
  }

  /// What the schema wants is there, whether all is well or not.
  @Test(arguments: [200, 500]) func asJSON(status: Int) async throws {
    let files = FakeSharedFiles { request throws(HTTPError) in
      request.url.hasSuffix("/predict") && status != 200
        ? HTTPResponse(
          status: status, body: Array(#"{"error": "MOUNT_FAILED", "message": "not mounted"}"#.utf8)) : nil
    }
    #expect(
      try await files.run("--output", "json", "--readers", "3") == (status == 200 ? .asWanted : .unwell))
    let said = try #require(
      try JSONSerialization.jsonObject(with: Data(files.printed.utf8)) as? [String: Any])
    let file = URL(filePath: #filePath).appending(path: "../../../../docs/schema/files/demo.json")
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file.standardized)) as? [String: Any])
    #expect(Set(said.keys) == Set(schema["required"] as? [String] ?? []))
    #expect(said["is_well"] as? Bool == (status == 200))
    let requests = try #require(said["requests"] as? [[String: Any]])
    #expect(requests.compactMap { $0["status"] as? Int } == [200, 200] + Array(repeating: status, count: 5))
    if status != 200 { #expect(requests.last?["error"] as? String == "MOUNT_FAILED: not mounted") }
  }

  /// Who is told 504 is told what it means; any answer but 200 is not well.
  @Test func aConsumerThatIsTooSlow() async throws {
    let files = FakeSharedFiles { request throws(HTTPError) in
      request.url.hasSuffix("/predict") && String(decoding: request.body, as: UTF8.self).contains("demo-cold")
        ? HTTPResponse(status: 504, body: Array(#"{"message": "Endpoint request timed out"}"#.utf8)) : nil
    }
    #expect(try await files.run("--columns", "400") == .unwell)
    #expect(
      files.printed.contains("Endpoint request timed out: API Gateway waited for 29 s"), "\(files.printed)")
    #expect(files.printed.contains("1 of 14 requests were not answered with 200"))
  }

  /// A request without an answer is one of the report's, and no end of it.
  @Test func noAnswer() async throws {
    let files = FakeSharedFiles { request throws(HTTPError) in
      if request.url.hasSuffix("/ingest") { throw HTTPError(.timeout, message: "no answer") }
      return nil
    }
    #expect(try await files.run() == .unwell)
    #expect(files.printed.contains("2 of 14 requests were not answered with 200"))
  }

  /// What was found is told, whatever of the rest is not to be had.
  @Test(arguments: ["invocations", "logs."]) func noListing(part: String) async throws {
    let files = FakeSharedFiles { request throws(HTTPError) in
      request.url.contains(part) ? .error("AccessDeniedException", status: 403) : nil
    }
    #expect(try await files.run() == .unwell)
    #expect(
      files.printed.contains("outputs/f.result") && files.printed.contains("AccessDenied"), "\(files.printed)"
    )
  }

  @Test func readersThatDoNotAgree() async throws {
    let files = FakeSharedFiles { request throws(HTTPError) in
      String(decoding: request.body, as: UTF8.self).contains("demo-2")
        ? .json(#"{"result": {"checksum": "bad"}}"#) : nil
    }
    #expect(try await files.run() == .unwell)
    #expect(files.printed.contains("the readers saw 2 contents"))
  }

  @Test func theNameIsTheSystemsOwn() async throws {
    #expect(try FilesDemo.parse([]).global.name == "shared-files")
    // What somebody says is meant, even where it is another system's usual name.
    #expect(try FilesDemo.parse(["--name", "sdwan"]).global.name == "sdwan")
    #expect(!FilesDemo.helpMessage().contains("(default: sdwan)"))
    let files = FakeSharedFiles(named: "west")
    #expect(try await files.run("--name", "west", "--url", "http://localhost:1/prod/") == .asWanted)
    #expect(files.asked.contains("POST http://localhost:1/prod/ingest"))
    #expect(!files.asked.contains { $0.contains("restapis") })
  }

  @Test func nothingThere() async throws {
    let error = await #expect(throws: ToolError.self) { _ = try await FakeSharedFiles(named: "x").run() }
    #expect(error?.message.contains("no function shared-files-producer") == true)
    let none = FakeSharedFiles { request throws(HTTPError) in
      request.url.contains("/restapis") ? .json("{}") : nil
    }
    let ambiguous = await #expect(throws: ToolError.self) { _ = try await none.run() }
    #expect(ambiguous?.message.contains("--url") == true)
  }

  @Test(arguments: [
    ["--readers", "0"], ["--readers", "101"], ["--url", "ftp://x"], ["--url", ""], ["more"],
  ])
  func refused(arguments: [String]) { #expect(throws: (any Error).self) { try FilesDemo.parse(arguments) } }

  /// What was found is said all the same.
  @Test func aReportThatCanNotBeWritten() async throws {
    let files = FakeSharedFiles()
    await #expect(throws: ToolError.self) { _ = try await files.run("--report", "/nowhere/report.json") }
    #expect(files.printed.contains("14 of 14"))
  }
}
