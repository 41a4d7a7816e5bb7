import Foundation
import Testing

@testable import OperatorTool

struct LabTests {
  @Test func theLabOfAFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(#"{"environment": {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "process": 1}"#.utf8).write(
      to: file)
    let given = ["SDWAN_LAB": file.path, "AWS_REGION": "eu-central-1", "TERM": "dumb"]
    let environment = try Place.environment("local") { given[$0] }
    #expect(environment("AWS_ENDPOINT_URL") == "http://127.0.0.1:1")
    // The lab's own variables alone lead to AWS.
    #expect(environment("AWS_REGION") == nil && environment("TERM") == "dumb")
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let error = #expect(throws: ToolError.self) {
      _ = try Place.environment("local") { $0 == "SDWAN_LAB" ? "/nowhere/lab.json" : nil }
    }
    #expect(error.map { "\($0)" }?.contains("/nowhere/lab.json") == true)
  }
}
